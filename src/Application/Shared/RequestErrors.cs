using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Shared;

/// <summary>What can be wrong with any request.</summary>
public static class RequestErrors
{
    /// <summary>There is no JSON object to read.</summary>
    public static readonly Error BodyRequired = Invalid("Request body is required") with { Code = "body_required" };

    /// <summary>The body is larger than the route reads.</summary>
    public static readonly Error BodyTooLarge =
        new("body_too_large", ErrorKind.PayloadTooLarge, "Request body exceeds the maximum allowed size");

    /// <summary>The body had not come whole when its time was over.</summary>
    public static readonly Error BodyTooSlow =
        new("body_too_slow", ErrorKind.RequestTimeout, "The request body did not arrive in time. Send it again, faster or in smaller parts");

    /// <summary>The change met another one.</summary>
    public static readonly Error ChangedMeanwhile =
        new("changed_meanwhile", ErrorKind.Conflict, "Somebody else changed this at the same time. Look at it and try again.");

    /// <summary>The call was not over when the server, which stops, could wait for it no longer.</summary>
    public static readonly Error Stopping =
        new("stopping", ErrorKind.Unavailable, "The server is stopping and could not wait for the answer. Try again.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    /// <summary>Some field is absent or wrong.</summary>
    /// <param name="message">Which one, and what is expected.</param>
    public static Error Invalid(string message) => new("invalid_request", ErrorKind.BadRequest, message);

    /// <summary>A field is absent or wrong, where the surface tells that by a status of its own.</summary>
    /// <param name="field">The field's wire name.</param>
    /// <param name="expected">What it must be.</param>
    public static Error Unprocessable(string field, string expected) =>
        new("unprocessable", ErrorKind.Unprocessable, $"{field}: must be {expected}")
        {
            Field = field,
            Fault = new FieldFault.Unfit(expected),
        };

    /// <summary>Required fields are absent.</summary>
    /// <param name="fields">Their wire names, in the documented order.</param>
    public static Error Missing(IEnumerable<string> fields) => Invalid($"Missing required fields: {string.Join(", ", fields)}");
}
