using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Sells the caller an API key of 64 hexadecimal digits for one dollar of their wallet.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(WalletErrors), nameof(WalletErrors.NotFound), nameof(WalletErrors.InsufficientBalance))]
[Refuses(typeof(NamedKeyErrors), nameof(NamedKeyErrors.NameTaken), nameof(NamedKeyErrors.TooMany))]
[OmitBodiesFromAudit]
public sealed record GenerateNamedKeyCommand : IRequest<GeneratedKey>, IChargedRequest, IAskedBesideItsBody
{
    /// <summary>What a key costs, in nano-USD.</summary>
    public const long Price = MeterUnits.PerDollar;

    /// <summary>What the key is called; no other key of the caller's has the name.</summary>
    /// <example>My key</example>
    [Required]
    [MaxLength(ApiKey.MaxNameLength)]
    public Supplied<string> ApiName { get; init; }

    /// <summary>The name, which the body need not carry.</summary>
    string IAskedBesideItsBody.Beside => ApiName.Or(string.Empty);
}

/// <summary>A key that was bought.</summary>
/// <param name="Secret">The key, shown only now.</param>
/// <param name="WalletBalance">What the wallet has left, in nano-USD.</param>
public sealed record GeneratedKey(string Secret, long WalletBalance);

internal sealed class GenerateNamedKeyValidator : NamedKeyRules<GenerateNamedKeyCommand>
{
    public GenerateNamedKeyValidator()
    {
        RequireName("api_name", command => command.ApiName);
    }
}

internal sealed class GenerateNamedKeyHandler(INamedKeys keys, WalletPurchase purchase, CallRecord record)
    : IRequestHandler<GenerateNamedKeyCommand, GeneratedKey>
{
    public async Task<GeneratedKey> Handle(GenerateNamedKeyCommand command, CancellationToken cancellationToken)
    {
        var (userId, name) = (record.RequiredCaller.UserId, command.ApiName.Value);
        await purchase.GuardAsync(GenerateNamedKeyCommand.Price, cancellationToken);
        await keys.GuardNewAsync(userId, name, cancellationToken);
        var (secret, left) = await purchase.PayAsync(
            GenerateNamedKeyCommand.Price, () => keys.AddAsync(userId, name, cancellationToken), cancellationToken);
        return new GeneratedKey(secret, left);
    }
}
