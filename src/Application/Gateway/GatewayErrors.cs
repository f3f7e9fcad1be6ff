using System.Text.Json;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway;

/// <summary>
/// Why a model did not answer. The words are the platform's own: what a provider writes may quote prompts, keys or addresses.
/// </summary>
public static class GatewayErrors
{
    /// <summary>Nobody serves the model.</summary>
    public static readonly Error NotConfigured =
        new("provider_not_configured", ErrorKind.Internal, "Model provider is not configured");

    private static readonly Error Rejected =
        new("provider_rejected", ErrorKind.BadRequest, "The model provider rejected the request");

    private static readonly Error AgainstPolicy = Rejected with { Message = "The model provider refused the request under its content policy" };

    private static readonly Error TooLong = Rejected with { Message = "The request is longer than the model can read" };

    /// <summary>The codes that OpenAI and Azure OpenAI document for requests that their sender can mend.</summary>
    private static readonly Dictionary<string, Error> KnownRejections = new(StringComparer.Ordinal)
    {
        ["content_filter"] = AgainstPolicy,
        ["content_policy_violation"] = AgainstPolicy,
        ["moderation_blocked"] = AgainstPolicy,
        ["context_length_exceeded"] = TooLong,
        ["string_above_max_length"] = TooLong,
    };

    /// <summary>What a provider can refuse a request with.</summary>
    public static IReadOnlyList<Error> Rejections { get; } = [Rejected, AgainstPolicy, TooLong];

    /// <summary>Every way to the model failed.</summary>
    /// <param name="retryAfter">When to come back, where a provider said so.</param>
    public static Error Failed(TimeSpan? retryAfter) =>
        new("provider_failed", ErrorKind.Internal, "The model provider could not answer the request") { RetryAfter = retryAfter };

    /// <summary>The provider refused what was asked (400 or 422).</summary>
    /// <param name="body">The provider's answer; only its documented error code is looked at.</param>
    public static Error RejectedWith(ReadOnlyMemory<byte> body) =>
        CodeIn(body) is { } code && KnownRejections.TryGetValue(code, out var known) ? known : Rejected;

    private static string? CodeIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object
                && error.TryGetProperty("code", out var code) && code.ValueKind is JsonValueKind.String
                ? code.GetString()
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
