using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>Goes on after a check.</summary>
internal static class AfterCheck
{
    /// <summary>
    /// Goes on: at once where the check had nothing to wait for, as nearly always, so that nothing of it is kept for as long as the
    /// rest of the call takes.
    /// </summary>
    /// <param name="check">What may refuse the call.</param>
    /// <param name="next">The rest of the call.</param>
    public static Task<TResponse> Then<TResponse>(this Task check, RequestHandlerDelegate<TResponse> next) =>
        check.IsCompletedSuccessfully ? next() : WaitAsync(check, next);

    private static async Task<TResponse> WaitAsync<TResponse>(Task check, RequestHandlerDelegate<TResponse> next)
    {
        await check;
        return await next();
    }
}
