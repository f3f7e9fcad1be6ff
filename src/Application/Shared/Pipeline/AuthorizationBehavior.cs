using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Holds the caller against what the request declares, and against the list of endpoints that an administrator gave them.</summary>
internal sealed class AuthorizationBehavior<TRequest, TResponse>(CallRecord record, ICallContext call, IEndpointCatalogue catalogue) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        CheckAsync(request, cancellationToken).Then(next);

    private async Task CheckAsync(TRequest request, CancellationToken cancellationToken)
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

        if (request is IMeteredRequest && call.RouteKey is { } routeKey
            && await catalogue.RefusalOfAsync(record.RequiredCaller.UserId, routeKey, cancellationToken) is { } denied)
        {
            throw new RefusedException(denied);
        }
    }
}
