using System.Text.Json;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;

namespace AiPlatform.Application.Metering;

/// <summary>Has an order carried out once where its call carries an <c>Idempotency-Key</c>.</summary>
internal sealed class OnceOrders(CallRecord record, IIdempotentAnswers answers)
{
    /// <summary>What the order is given; <see langword="null"/> where the call carries no key.</summary>
    /// <typeparam name="TAnswer">What the use case answers.</typeparam>
    /// <param name="answer">The answer, given the account as the order leaves it.</param>
    public OnceOrder? Of<TAnswer>(Func<AccountBalance, TAnswer> answer) => record.Key is { } key
        ? new OnceOrder(key, balance => answers.Seal(key, JsonSerializer.SerializeToUtf8Bytes(answer(balance), AnswerJson.Options)))
        : null;
}
