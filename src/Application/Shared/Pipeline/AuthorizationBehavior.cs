using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Holds the caller against the tier that the request declares.</summary>
internal sealed class AuthorizationBehavior<TRequest, TResponse>(CallRecord record) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (RequestPolicy.For<TRequest>.Policy.Tier is { } required && record.RequiredCaller.Tier != required.Tier)
        {
            throw new RefusedException(required.Refusal);
        }

        return next();
    }
}
