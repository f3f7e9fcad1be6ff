using Microsoft.OpenApi;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>What a reader of the documents sees first.</summary>
internal static class Introduction
{
    /// <summary>Of the document of every route.</summary>
    public static OpenApiInfo Whole { get; } = new()
    {
        Title = "AiPlatform API",
        Version = "v1",
        Description = """
            One front door to every AI model: each call is authenticated, paid for exactly once, never over budget, and audited.

            **Try it.** Press *Authorize* and enter an API key; `GET /get-token` turns it into an access token, which the model
            and file routes want as `X-Token`. Administrative routes want the key in the header and a token of the same person
            as `token`.

            **Errors.** Every refusal of a route is listed with the body that is answered, in the order in which the platform
            checks. A refused or failed call costs nothing.

            **Once.** A call that is paid for takes an `Idempotency-Key`: sent again with the same key and body within 24 hours, it
            has the answer of the first one, with `Idempotency-Replayed: true`, and is not charged again. A refused or failed
            call leaves its key free. What administrators order of accounts takes one too.

            **Tracing.** `X-Request-Id` of any answer is the key of the call's audit record. A client's own
            `X-Correlation-ID` is recorded and sent back.
            """,
    };

    /// <summary>Of the document that seed 000's clients read; the words are the seed's.</summary>
    public static OpenApiInfo AiFramework { get; } = new()
    {
        Title = "API Documentation",
        Version = "1.0.0",
        Description = "API endpoints with authentication",
    };
}
