using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Holds the caller against the tier or the level of the staff that the request declares.</summary>
internal sealed class AuthorizationBehavior<TRequest, TResponse>(CallRecord record) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var policy = RequestPolicy.For<TRequest>.Policy;
        if (policy.Tier is { } required && record.RequiredCaller.Tier != required.Tier)
        {
            throw new RefusedException(required.Refusal);
        }

        if (policy.Staff is { Level: var level } && record.RequiredCaller is { IsAdministrator: false } caller
            && !(caller.StaffLevel >= level))
        {
            throw new RefusedException(RequireStaffAttribute.Refusal);
        }

        return next();
    }
}
