using System.Globalization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Counts requests a minute where the request declares how many there may be, before anything is looked up for them.</summary>
internal sealed class RateLimitBehavior<TRequest, TResponse>(ICallContext call, CallRecord record, IRateWindows windows, TimeProvider time)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (RequestPolicy.For<TRequest>.Policy.Rate is { Rate: var rate } limit)
        {
            var standing = windows.Count(rate, PartitionOf(rate));
            record.LimitRate(standing);
            if (standing.Remaining < 0)
            {
                throw new RefusedException(limit.Refusal(standing.Window, time.GetUtcNow()));
            }
        }

        return next();
    }

    /// <summary>Never the credential itself: a count outlives the call.</summary>
    private string PartitionOf(RateClass rate)
    {
        var secret = rate is RateClass.General or RateClass.Administration or RateClass.Tokens ? call.Credential(CredentialKind.Any).Secret : null;
        return secret is null
            ? call.IpAddress ?? "unknown"
            : string.GetHashCode(secret, StringComparison.Ordinal).ToString(CultureInfo.InvariantCulture);
    }
}
