using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Refuses addresses that the operator does not allow, before anything else is looked at.</summary>
internal sealed class AddressBehavior<TRequest, TResponse>(ICallContext call, IAllowedAddresses addresses) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        RequestPolicy.For<TRequest>.Policy.RestrictsAddresses && !addresses.Contains(call.IpAddress)
            ? throw new RefusedException(RestrictAddressesAttribute.Refusal)
            : next();
}
