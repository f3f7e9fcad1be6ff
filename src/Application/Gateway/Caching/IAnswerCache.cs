using AiPlatform.Application.Metering.Contracts;

namespace AiPlatform.Application.Gateway.Caching;

/// <summary>What is asked, of which answers are kept.</summary>
/// <param name="UserId">The caller's account: no answer leaves it.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Model">The model's public name.</param>
/// <param name="Headers">What the provider is told besides the body.</param>
/// <param name="Body">The request's body, the model under its public name.</param>
public sealed record CacheQuestion(
    Guid UserId, string Operation, string Model, IReadOnlyList<(string Name, string Value)> Headers, ReadOnlyMemory<byte> Body);

/// <summary>An answer to be given again.</summary>
/// <param name="RequestId">The call that it was the answer to.</param>
/// <param name="Json">The answer.</param>
/// <param name="Provider">The provider that served it.</param>
/// <param name="Model">Public name of the model.</param>
/// <param name="Cost">What that call cost.</param>
public sealed record ReusableAnswer(Guid RequestId, ReadOnlyMemory<byte> Json, string Provider, string Model, CallReceipt Cost);

/// <summary>The answers that accounts may be given again. A failure of it costs a call its saving and nothing else.</summary>
public interface IAnswerCache
{
    /// <summary>Identifies a question. Nothing of it can be read from what identifies it.</summary>
    /// <param name="question">The question.</param>
    Guid Identify(CacheQuestion question);

    /// <summary>The answer to a question; <see langword="null"/> where none is kept that is young enough and as it was written.</summary>
    /// <param name="id">Identifies the question.</param>
    /// <param name="userId">The caller's account.</param>
    /// <param name="lifetime">How old it may be.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ReusableAnswer?> FindAsync(Guid id, Guid userId, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Keeps an answer, in place of an earlier one; not where it is too large.</summary>
    /// <param name="id">Identifies the question.</param>
    /// <param name="userId">The account that paid.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="lifetime">How long it is kept.</param>
    /// <param name="cancellationToken">Gives up keeping it. A caller who leaves is no reason to: what is paid is kept all the same.</param>
    Task KeepAsync(Guid id, Guid userId, ReusableAnswer answer, TimeSpan lifetime, CancellationToken cancellationToken);
}
