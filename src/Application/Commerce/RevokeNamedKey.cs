using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Switches one of the caller's named keys off; it stays in the list and can be switched on again.</summary>
/// <param name="Name">The key, by its name.</param>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(NamedKeyErrors), nameof(NamedKeyErrors.NotFound))]
public sealed record RevokeNamedKeyCommand(string Name) : IRequest;

internal sealed class RevokeNamedKeyHandler(INamedKeys keys, CallRecord record) : IRequestHandler<RevokeNamedKeyCommand, Unit>
{
    public async Task<Unit> Handle(RevokeNamedKeyCommand command, CancellationToken cancellationToken)
    {
        await keys.SetActiveAsync(record.RequiredCaller.UserId, command.Name, active: false, cancellationToken);
        return Unit.Value;
    }
}
