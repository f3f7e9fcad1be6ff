namespace AiPlatform.Domain.Shared;

/// <summary>The class of a refusal; the number is the HTTP status that every surface answers with (RFC 9110).</summary>
public enum ErrorKind
{
    /// <summary>The request is malformed or a value is out of range.</summary>
    BadRequest = 400,

    /// <summary>No credential, or one that identifies nobody.</summary>
    Unauthenticated = 401,

    /// <summary>An account that the call touches lacks funds.</summary>
    InsufficientFunds = 402,

    /// <summary>The caller is known and may not do this.</summary>
    Forbidden = 403,

    /// <summary>The thing named does not exist, or not for this caller.</summary>
    NotFound = 404,

    /// <summary>The path exists, the method does not.</summary>
    MethodNotAllowed = 405,

    /// <summary>The request did not arrive whole in time.</summary>
    RequestTimeout = 408,

    /// <summary>The state of the thing forbids the change.</summary>
    Conflict = 409,

    /// <summary>A body or a file exceeds its limit.</summary>
    PayloadTooLarge = 413,

    /// <summary>The content type is not one that the route reads.</summary>
    UnsupportedMediaType = 415,

    /// <summary>The request can be read, but a field of it is absent or wrong.</summary>
    Unprocessable = 422,

    /// <summary>A rate limit is reached; the error carries when to come back.</summary>
    TooManyRequests = 429,

    /// <summary>The platform or its configuration is at fault.</summary>
    Internal = 500,

    /// <summary>A provider gave no usable answer.</summary>
    BadGateway = 502,

    /// <summary>The platform cannot take the call now; the error carries when to come back.</summary>
    Unavailable = 503,

    /// <summary>A provider gave no answer in time.</summary>
    GatewayTimeout = 504,
}

/// <summary>A typed refusal: what a use case answers instead of a result.</summary>
/// <param name="Code">Stable machine-readable name, <c>snake_case</c>; a surface may put its own words to it.</param>
/// <param name="Kind">The class of the refusal, and so its HTTP status.</param>
/// <param name="Message">What is wrong and what to do, safe to show to the caller.</param>
public sealed record Error(string Code, ErrorKind Kind, string Message)
{
    /// <summary>The headline, where it is not the default of <see cref="Kind"/>.</summary>
    public string? Title { get; init; }

    /// <summary>Members that a surface documents beside the message, by wire name.</summary>
    public IReadOnlyDictionary<string, string> Extensions { get; init; } = new Dictionary<string, string>();

    /// <summary>Members that a surface documents beside the message and that are numbers, by wire name.</summary>
    public IReadOnlyDictionary<string, long> Numbers { get; init; } = new Dictionary<string, long>();

    /// <summary>Wire name of the field at fault; <see langword="null"/> where it is not one field.</summary>
    public string? Field { get; init; }

    /// <summary>In which way that field is wrong; <see langword="null"/> where the message alone tells.</summary>
    public FieldFault? Fault { get; init; }

    /// <summary>The rate limit that was reached; <see langword="null"/> where none was.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>How long the caller should wait before trying again; <see langword="null"/> where waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>A rate limit, nothing of which is left.</summary>
/// <param name="Limit">How much a window has.</param>
/// <param name="Reset">When the next window starts, UTC.</param>
public sealed record RateLimit(long Limit, DateTimeOffset Reset);

/// <summary>Carries an <see cref="Error"/> up to the one place that answers it.</summary>
public sealed class RefusedException : Exception
{
    /// <summary>Refuses with <paramref name="error"/>.</summary>
    /// <param name="error">The refusal to answer with.</param>
    public RefusedException(Error error)
        : base(error.Message)
    {
        Error = error;
    }

    /// <summary>Refuses with <paramref name="error"/>, keeping the cause for the log.</summary>
    /// <param name="error">The refusal to answer with.</param>
    /// <param name="cause">What made the platform refuse; never shown to the caller.</param>
    public RefusedException(Error error, Exception cause)
        : base(error.Message, cause)
    {
        Error = error;
    }

    /// <summary>The refusal to answer with.</summary>
    public Error Error { get; }
}
