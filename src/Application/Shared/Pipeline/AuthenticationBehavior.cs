using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Resolves the credential that the request declares.</summary>
internal sealed class AuthenticationBehavior<TRequest, TResponse>(CallRecord record, CallIdentity identity) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        IdentifyAsync(cancellationToken).Then(next);

    private async Task IdentifyAsync(CancellationToken cancellationToken)
    {
        if (RequestPolicy.For<TRequest>.Policy.Credential is { Kind: var kind })
        {
            record.Identify(await identity.FindAsync(kind, cancellationToken));
        }
    }
}
