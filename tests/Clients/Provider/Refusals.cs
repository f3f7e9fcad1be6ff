using System.Globalization;
using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Clients.Provider;

/// <summary>What the vendors refuse, in their words.</summary>
/// <param name="Status">The status.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Type">OpenAI's kind of error.</param>
/// <param name="Param">The field that is wrong.</param>
/// <param name="Code">OpenAI's code.</param>
internal sealed record Refusal(int Status, string Message, string Type, string? Param = null, string? Code = null)
{
    /// <summary>Seconds after which to try again.</summary>
    public int? RetryAfter { get; init; }

    public Task WriteAsync(HttpContext http, Exchange exchange)
    {
        (exchange.Status, exchange.Outcome) = (Status, Outcome.Refused);
        http.Response.StatusCode = Status;
        if (RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var body = exchange.Operation == "messages"
            ? AnthropicMessages.Error(Status, Message, $"req_{exchange.Number:D8}")
            : OpenAiData.Error(Message, Type, Param, Code);
        return http.Response.WriteAsJsonAsync(body, http.RequestAborted);
    }
}

/// <summary>Which requests are refused.</summary>
internal static class Refusals
{
    private const string Invalid = "invalid_request_error";

    /// <summary>The refusal that a directive orders; <see langword="null"/> where it orders none.</summary>
    public static Refusal? Of(Directive directive)
    {
        if (directive.Number("status") is not { } status)
        {
            return null;
        }

        var refusal = status switch
        {
            400 => new Refusal(400, "This model does not support what was asked.", Invalid, "messages", "unsupported_value"),
            401 => WrongKey(),
            403 => new Refusal(403, "Your organization may not use this model.", Invalid, null, "unsupported_country_region_territory"),
            404 => new Refusal(404, "The model does not exist or you do not have access to it.", Invalid, null, "model_not_found"),
            429 => new Refusal(429, "Rate limit reached on requests per min (RPM): Limit 3, Used 3, Requested 1.", "requests", null, "rate_limit_exceeded"),
            _ => new Refusal(status, "The server had an error while processing your request. Sorry about that!", "server_error"),
        };
        return refusal with { RetryAfter = directive.Number("retry-after") };
    }

    /// <summary>The refusal of a request that is not as the vendor documents it; <see langword="null"/> where it is.</summary>
    public static Refusal? Of(UpstreamRequest request, string operation, IReadOnlyCollection<string> known)
    {
        if (!HasKey(request, operation))
        {
            return WrongKey();
        }

        if (JsonNode.Parse(request.Body) is not JsonObject body)
        {
            return new Refusal(400, "We could not parse the JSON body of your request.", Invalid);
        }

        if (operation == "messages" && !request.Headers.ContainsKey("anthropic-version"))
        {
            return new Refusal(400, "anthropic-version: header is required", Invalid);
        }

        var missing = RequiredBy(operation).FirstOrDefault(name => body[name] is null);
        if (missing is not null)
        {
            return operation == "messages"
                ? new Refusal(400, $"{missing}: Field required", Invalid)
                : new Refusal(400, $"Missing required parameter: '{missing}'.", Invalid, missing, "missing_required_parameter");
        }

        if (!known.Contains(body["model"]!.ToString()))
        {
            return operation == "messages"
                ? new Refusal(404, $"model: {body["model"]}", Invalid)
                : new Refusal(404, $"The model `{body["model"]}` does not exist or you do not have access to it.", Invalid, null, "model_not_found");
        }

        return body["temperature"]?.GetValue<double>() > 2
            ? new Refusal(
                400,
                $"Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got {body["temperature"]} instead.",
                Invalid, "temperature", "decimal_above_max_value")
            : null;
    }

    /// <summary>Both vendors take a bearer; Anthropic has a header of its own as well.</summary>
    private static bool HasKey(UpstreamRequest request, string operation) =>
        request.Headers.GetValueOrDefault("Authorization") == $"Bearer {ProviderServer.Key}"
        || (operation == "messages" && request.Headers.GetValueOrDefault("x-api-key") == ProviderServer.Key);

    private static string[] RequiredBy(string operation) => operation switch
    {
        "chat/completions" => ["model", "messages"],
        "messages" => ["model", "max_tokens", "messages"],
        "embeddings" or "responses" => ["model", "input"],
        _ => ["model", "prompt"],
    };

    private static Refusal WrongKey() => new(
        401, "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.",
        Invalid, null, "invalid_api_key");
}
