using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Deletes one of the caller's named keys for good; what it cost is not paid back.</summary>
/// <param name="Name">The key, by its name.</param>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(NamedKeyErrors), nameof(NamedKeyErrors.NotFound))]
public sealed record DeleteNamedKeyCommand(string Name) : IRequest;

internal sealed class DeleteNamedKeyHandler(INamedKeys keys, CallRecord record) : IRequestHandler<DeleteNamedKeyCommand, Unit>
{
    public async Task<Unit> Handle(DeleteNamedKeyCommand command, CancellationToken cancellationToken)
    {
        await keys.DeleteAsync(record.RequiredCaller.UserId, command.Name, cancellationToken);
        return Unit.Value;
    }
}
