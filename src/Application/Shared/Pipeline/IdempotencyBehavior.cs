using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>
/// Gives a charged call that carries an <c>Idempotency-Key</c> the answer of the earlier call with the key. Where there is
/// none, the key is taken in the transaction of the hold, and the answer is kept in the transaction of the charge.
/// </summary>
internal sealed class IdempotencyBehavior<TRequest, TResponse>(ICallContext call, CallRecord record, IIdempotentAnswers answers)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        request is IChargedRequest && call.IdempotencyKey is { IsLeftOut: false } key ? OnceAsync(key, WholeOf(request), next, cancellationToken) : next();

    /// <summary>What was asked, as far as two calls with one key must agree in it.</summary>
    private ReadOnlyMemory<byte> WholeOf(TRequest request) => request switch
    {
        IAskedByItsFields { Asked: var asked } => Encoding.UTF8.GetBytes(asked),
        IAskedBesideItsBody { Beside: { Length: > 0 } beside } => (byte[])[.. call.Body.Json.Span, .. Encoding.UTF8.GetBytes(beside)],
        _ => call.Body.Json,
    };

    private async Task<TResponse> OnceAsync(
        Supplied<string> text, ReadOnlyMemory<byte> asked, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        if (!text.IsGiven)
        {
            throw new RefusedException(IdempotencyErrors.KeyInvalid);
        }

        var key = answers.Identify(record.RequiredCaller.UserId, text.Value, call.RouteKey ?? string.Empty, asked.Span);
        if (await answers.FindAsync(key, cancellationToken) is { } earlier)
        {
            return Replay(earlier);
        }

        record.Claim(key);
        var response = await next();
        Keep(key, response);
        return response;
    }

    private TResponse Replay(EarlierCall earlier)
    {
        if (!earlier.IsSame)
        {
            throw new RefusedException(IdempotencyErrors.KeyReused);
        }

        switch (earlier.Outcome)
        {
            case EarlierOutcome.Answered:
                record.Replay(earlier.RequestId);
                return JsonSerializer.Deserialize<TResponse>(earlier.Answer.Span, AnswerJson.Options)!;
            case EarlierOutcome.InProgress:
                throw new RefusedException(IdempotencyErrors.InProgress);
            case EarlierOutcome.Disputed:
                throw new RefusedException(IdempotencyErrors.Disputed);
            default:
                throw new RefusedException(IdempotencyErrors.NotKept);
        }
    }

    private void Keep(IdempotencyKey key, TResponse response)
    {
        if (record.Settlement is (Settlement.Capture or Settlement.Leave) and { } settlement
            && response is not IRecordedAnswer { IsWhole: false }
            && answers.Seal(key, JsonSerializer.SerializeToUtf8Bytes(response, AnswerJson.Options)) is { } kept)
        {
            record.Settle(With(settlement, new KeptAnswer(key.Id, kept)));
        }
    }

    private static Settlement With(Settlement settlement, KeptAnswer answer) => settlement switch
    {
        Settlement.Capture capture => capture with { Answer = answer },
        Settlement.Leave leave => leave with { Answer = answer },
        _ => settlement,
    };
}

/// <summary>How answers are written to be read again; only <see cref="IdempotencyBehavior{TRequest,TResponse}"/> sees the text.</summary>
internal static class AnswerJson
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
