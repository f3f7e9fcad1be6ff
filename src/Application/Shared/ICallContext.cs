using AiPlatform.Application.Identity.Contracts;

namespace AiPlatform.Application.Shared;

/// <summary>The facts of one call, as the outside world sent them. One instance a call.</summary>
public interface ICallContext
{
    /// <summary>UUIDv7: the key of the call's audit record, sent back as <c>X-Request-Id</c>.</summary>
    Guid RequestId { get; }

    /// <summary>The client's own id of the call (<c>X-Correlation-ID</c>), cut to 128 characters.</summary>
    string? CorrelationId { get; }

    /// <summary>The stable key of the route that matched; aliases of a route share it.</summary>
    string? RouteKey { get; }

    /// <summary>The caller's <c>Idempotency-Key</c>: 1 to 255 printable ASCII characters, sent once.</summary>
    Supplied<string> IdempotencyKey { get; }

    /// <summary>HTTP method.</summary>
    string Method { get; }

    /// <summary>Path without its query.</summary>
    string Path { get; }

    /// <summary>The caller's address.</summary>
    string? IpAddress { get; }

    /// <summary>The caller's <c>User-Agent</c>.</summary>
    string? UserAgent { get; }

    /// <summary>The headers that may be recorded.</summary>
    IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>When the call arrived, UTC.</summary>
    DateTimeOffset StartedAt { get; }

    /// <summary>Time since the call arrived.</summary>
    TimeSpan Elapsed { get; }

    /// <summary>The status that the route documents for success.</summary>
    int SuccessStatus { get; }

    /// <summary>Whether the server, which stops, ends the call; otherwise a cancelled call is one whose caller left.</summary>
    bool IsEndedByStop { get; }

    /// <summary>The JSON body.</summary>
    CallBody Body { get; }

    /// <summary>The secret presented as a credential of one kind.</summary>
    /// <param name="kind">The kind asked for.</param>
    PresentedCredential Credential(CredentialKind kind);
}

/// <summary>How the body of a call could be read.</summary>
public enum BodyState
{
    /// <summary>There is no JSON object: no body, an empty one, another JSON value, not JSON at all, or one that was not read.</summary>
    Missing,

    /// <summary>It is larger than the route reads.</summary>
    TooLarge,

    /// <summary>It had not come whole when its time was over.</summary>
    TooSlow,

    /// <summary>It is a JSON object with at least one member.</summary>
    Read,
}

/// <summary>The JSON body of a call.</summary>
/// <param name="State">How it could be read.</param>
/// <param name="Json">The bytes of the JSON object; empty unless it was read.</param>
public readonly record struct CallBody(BodyState State, ReadOnlyMemory<byte> Json);

/// <summary>A secret in the place where its kind is sent.</summary>
/// <param name="Secret">The secret; <see langword="null"/> where none was sent.</param>
/// <param name="IsAmbiguous">Whether several different ones were sent, so that none can be believed.</param>
public readonly record struct PresentedCredential(string? Secret, bool IsAmbiguous)
{
    /// <summary>Whether a browser added it by itself to a change that a page of another site asks for.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Whether anything was sent at all.</summary>
    public bool IsMissing => Secret is null && !IsAmbiguous;

    /// <summary>Never the secret.</summary>
    public override string ToString() => IsMissing ? "missing" : AuditText.Redacted;
}
