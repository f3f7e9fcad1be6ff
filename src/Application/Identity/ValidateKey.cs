using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Tells whose the API key is that the call was made with.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[LimitRate(RateClass.General)]
public sealed record ValidateKeyQuery : IRequest<Guid>;

internal sealed class ValidateKeyHandler(CallRecord record) : IRequestHandler<ValidateKeyQuery, Guid>
{
    // Other secrets identify their person as well, and are no key.
    public Task<Guid> Handle(ValidateKeyQuery query, CancellationToken cancellationToken) => record.RequiredCaller is { ApiKeyId: not null, UserId: var owner }
        ? Task.FromResult(owner)
        : throw new RefusedException(CredentialErrors.ApiKeyInvalid);
}
