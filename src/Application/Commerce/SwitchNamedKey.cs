using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Switches one of the caller's named keys on or off; there must be something in the wallet for one that is switched on.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(NamedKeyErrors), nameof(NamedKeyErrors.NotFound))]
[Refuses(typeof(WalletErrors), nameof(WalletErrors.NothingToSpend))]
public sealed record SwitchNamedKeyCommand : IRequest
{
    /// <summary>The key, by its name.</summary>
    [JsonIgnore]
    public string Name { get; init; } = string.Empty;

    /// <summary>Whether the key is accepted from now on.</summary>
    /// <example>false</example>
    [Required]
    public Supplied<bool> IsActive { get; init; }
}

internal sealed class SwitchNamedKeyValidator : FieldRules<SwitchNamedKeyCommand>
{
    public SwitchNamedKeyValidator()
    {
        RequireValue("is_active", command => command.IsActive, "true or false");
    }
}

internal sealed class SwitchNamedKeyHandler(INamedKeys keys, IWallets wallets, CallRecord record) : IRequestHandler<SwitchNamedKeyCommand, Unit>
{
    public async Task<Unit> Handle(SwitchNamedKeyCommand command, CancellationToken cancellationToken)
    {
        var userId = record.RequiredCaller.UserId;
        await keys.GuardExistsAsync(userId, command.Name, cancellationToken);
        if (command.IsActive.Value && (await wallets.OfAsync(userId, cancellationToken)).Available <= 0)
        {
            throw new RefusedException(WalletErrors.NothingToSpend);
        }

        await keys.SetActiveAsync(userId, command.Name, command.IsActive.Value, cancellationToken);
        return Unit.Value;
    }
}
