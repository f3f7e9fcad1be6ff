namespace AiPlatform.Application.Metering;

/// <summary>
/// Keeps what was read of limits, funding rules and prices until one of them changes anywhere: at most one small read a second
/// and process tells whether one has. In the process that changes them the change shows at once, elsewhere within a second.
/// </summary>
public interface ITermsCache
{
    /// <summary>The value of a key, read where it is not at hand.</summary>
    /// <typeparam name="T">The value's type; one type a kind of key.</typeparam>
    /// <param name="key">The key; its type belongs to the reader alone.</param>
    /// <param name="read">Reads the value.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<T> GetAsync<T>(object key, Func<Task<T>> read, CancellationToken cancellationToken);

    /// <summary>Looks for changes before the next answer: call it after each committed change.</summary>
    void Forget();
}
