using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>
/// Counts requests where the request declares how many there may be: by the caller's address before anything is looked up for
/// them, or by account once it is known. What a stranger writes into a credential makes no count of its own.
/// </summary>
internal sealed class RateLimitBehavior<TRequest, TResponse>(ICallContext call, CallRecord record, RateCount count)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (RequestPolicy.For<TRequest>.Policy.Rate is not { } limit)
        {
            return next();
        }

        if (RateCount.IsByAccount(limit.Rate))
        {
            return TellAsync(limit, next);
        }

        count.Take(limit, AddressOf(call));
        return next();
    }

    private async Task<TResponse> TellAsync(LimitRateAttribute limit, RequestHandlerDelegate<TResponse> next)
    {
        try
        {
            return await next();
        }
        catch (RefusedException) when (record.Caller is null)
        {
            // Refused credentials are limited elsewhere; the answer tells the rate all the same.
            count.Note(limit, AddressOf(call));
            throw;
        }
    }

    private static string AddressOf(ICallContext call) => call.IpAddress ?? "unknown";
}

/// <summary>Counts requests of an account, right after it is known who calls.</summary>
internal sealed class AccountRateBehavior<TRequest, TResponse>(CallRecord record, RateCount count) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (RequestPolicy.For<TRequest>.Policy.Rate is { } limit && RateCount.IsByAccount(limit.Rate))
        {
            count.Take(limit, record.RequiredCaller.UserId.ToString("N"));
        }

        return next();
    }
}

/// <summary>Counts one request and tells the caller what is left.</summary>
internal sealed class RateCount(CallRecord record, IRateWindows windows, TimeProvider time)
{
    /// <summary>Whether a class of requests is counted by account; else by address.</summary>
    public static bool IsByAccount(RateClass rate) => rate is RateClass.General or RateClass.Administration or RateClass.Tokens;

    /// <summary>Counts.</summary>
    /// <exception cref="RefusedException">None is left.</exception>
    public void Take(LimitRateAttribute limit, string partition)
    {
        if (Note(limit, partition) is { Remaining: < 0 } standing)
        {
            throw new RefusedException(limit.Refusal(standing.Window, time.GetUtcNow()));
        }
    }

    /// <summary>Counts, and refuses nothing.</summary>
    public RateStanding Note(LimitRateAttribute limit, string partition)
    {
        var standing = windows.Count(limit.Rate, partition);
        record.LimitRate(standing);
        return standing;
    }
}
