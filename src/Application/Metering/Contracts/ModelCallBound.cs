using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>The most that a call can take of a model.</summary>
/// <param name="Model">Public name of the model, by which it is priced.</param>
/// <param name="PromptTokens">Most tokens of the prompt; zero where prompts are not counted.</param>
/// <param name="MostAnswerTokens">Most tokens of the answer: what was asked for, and no more than the model can write; zero where it writes none.</param>
public sealed record ModelCallBound(string Model, long PromptTokens, int MostAnswerTokens)
{
    /// <summary>The images asked for; <see langword="null"/> where there are none.</summary>
    public ImageBatch? Images { get; init; }

    /// <summary>The shortest answer that is worth asking for, in tokens: where an account pays none as long, the call is refused.</summary>
    public int LeastAnswerTokens { get; init; } = CallCharge.LeastAnswer;

    /// <summary>
    /// The bounds of other models that may be asked instead, in order, where this one cannot be reached. One that has no price, or
    /// would leave less of an answer to be paid, is left out of the hold: <c>CallRecord.PaidModels</c> tells which are in it.
    /// </summary>
    public IReadOnlyList<ModelCallBound> Fallbacks { get; init; } = [];

    /// <summary>Whether the wallet pays, whatever the caller's funding rule says; limits hold all the same.</summary>
    public bool WalletPays { get; init; }

    /// <summary>Whether the tokens of the caller's plan are held too, where no limit of the user's own stands in their place.</summary>
    public bool TakesPlanTokens { get; init; }
}

/// <summary>
/// Declares what a metered request can take of a model at most; one implementation a request type. Its handler asks for no
/// longer an answer than <c>CallRecord.AnswerLimit</c>, and tells <c>CallRecord.Deliver</c> what the model delivered.
/// </summary>
/// <typeparam name="TRequest">The request.</typeparam>
public interface ICallBound<in TRequest>
{
    /// <summary>The bound of a request that is valid; <see langword="null"/> where no model is asked.</summary>
    /// <param name="request">The request.</param>
    ModelCallBound? Of(TRequest request);
}
