using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>
/// Outermost: whatever happens inside, the call leaves one audit record, and the record and the settlement of the call's
/// hold are committed together: before the caller sees the answer, or while it is sent where a model gave it.
/// </summary>
internal sealed class AuditBehavior<TRequest, TResponse>(CallRecorder recorder, ICallContext call) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        RequestPolicy.For<TRequest>.Policy is { OmitRecord: false } policy ? RecordAsync(policy, next) : next();

    private async Task<TResponse> RecordAsync(RequestPolicy policy, RequestHandlerDelegate<TResponse> next)
    {
        TResponse response;
        try
        {
            response = await next();
        }
        catch (RefusedException refusal) when (policy.Reword(refusal.Error) is var reworded && reworded != refusal.Error)
        {
            var inItsWords = new RefusedException(reworded, refusal);
            await recorder.RecordFailureAsync(inItsWords, policy.OmitBodies);
            throw inItsWords;
        }
        catch (Exception failure)
        {
            await recorder.RecordFailureAsync(failure, policy.OmitBodies);
            throw;
        }

        await recorder.RecordAsync(new CallOutcome(call.SuccessStatus, response, null), policy.OmitBodies);
        return response;
    }
}
