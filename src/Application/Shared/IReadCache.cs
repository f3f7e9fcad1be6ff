namespace AiPlatform.Application.Shared;

/// <summary>
/// Keeps what nearly every call reads and hardly any call changes: credentials, prices, allowances. A change takes effect at once
/// in the process that makes it, and within one second in every other.
/// </summary>
public interface IReadCache
{
    /// <summary>What is known under a key, read where it is not at hand. What does not exist is never kept.</summary>
    /// <typeparam name="TKey">The key; its values must name one thing only among those of <typeparamref name="TValue"/>.</typeparam>
    /// <typeparam name="TValue">What is kept; nobody may change it.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="read">Reads it from the database.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<TValue?> GetAsync<TKey, TValue>(TKey key, Func<Task<TValue?>> read, CancellationToken cancellationToken)
        where TKey : notnull
        where TValue : class;

    /// <summary>Forgets everything in this process: call it after the commit of each change to something that is kept.</summary>
    void Forget();
}
