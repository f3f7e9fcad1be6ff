using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway;

/// <summary>A provider's refusal of a request.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Status">The HTTP status it answered.</param>
/// <param name="Body">What it wrote, at most 64 KiB; a stranger's words.</param>
public sealed record Rejection(string Provider, int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>How long the provider asks to wait; <see langword="null"/> where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The route that refused.</summary>
    public required ServingRoute Route { get; init; }
}

/// <summary>How a request to a model ended.</summary>
public abstract record Dispatched
{
    private Dispatched()
    {
    }

    /// <summary>Whether nobody can have done the work, so that another model may be asked in this one's place.</summary>
    public bool IsUndone => !WasAsked || this is Failed { Cause: null or { MayHaveRun: false } };

    /// <summary>Whether any provider was asked.</summary>
    public bool WasAsked => this is not (NotServed or Inexpressible);

    /// <summary>A provider does what it was asked; the body is still to be read, and whoever takes the reply disposes it.</summary>
    /// <param name="Reply">The answer.</param>
    /// <param name="Route">The route that answers.</param>
    public sealed record Answered(ProviderReply Reply, ServingRoute Route) : Dispatched;

    /// <summary>A provider refused the request itself, so that no other was asked.</summary>
    /// <param name="Rejection">Its refusal.</param>
    public sealed record Rejected(Rejection Rejection) : Dispatched;

    /// <summary>Every way to the model failed.</summary>
    /// <param name="RetryAfter">When to come back, where a provider said so.</param>
    public sealed record Failed(TimeSpan? RetryAfter) : Dispatched
    {
        /// <summary>The last refusal; <see langword="null"/> where the last provider gave no answer.</summary>
        public Rejection? Last { get; init; }

        /// <summary>The last failure; <see langword="null"/> where the last provider answered.</summary>
        public ProviderUnreachableException? Cause { get; init; }
    }

    /// <summary>The routes of the model are asked in another form than the client's, and none of their forms can say what it asks for.</summary>
    /// <param name="Refusal">What the first of them cannot be told.</param>
    public sealed record Inexpressible(RefusedException Refusal) : Dispatched;

    /// <summary>Nobody serves the model.</summary>
    public sealed record NotServed : Dispatched;
}
