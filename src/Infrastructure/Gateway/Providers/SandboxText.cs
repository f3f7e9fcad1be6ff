using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>What the Sandbox writes.</summary>
/// <param name="Id">The same for the same request.</param>
/// <param name="Model">The model's name, marked.</param>
/// <param name="Value">The text.</param>
/// <param name="IsCut">Whether the request's limit cut it.</param>
/// <param name="PromptTokens">Tokens of the request.</param>
/// <param name="AnswerTokens">Tokens of the text.</param>
internal sealed record SandboxText(string Id, string Model, string Value, bool IsCut, int PromptTokens, int AnswerTokens)
{
    private const int BytesPerToken = 4;
    private const int LongestEcho = 200;

    /// <summary>Writes a text that quotes the start of the prompt, so that a caller sees that it arrived.</summary>
    public static SandboxText Write(ProviderCall call, string prompt, bool asJson, int? mostTokens)
    {
        var text = $"[Sandbox] No model was called, as no provider of {call.UpstreamModel} is configured. You wrote: {Start(prompt, LongestEcho)}";
        if (asJson)
        {
            text = JsonSerializer.Serialize(new { sandbox = true, message = text });
        }

        var written = mostTokens is { } most ? Cut(text, (long)most * BytesPerToken) : text;
        return new SandboxText(
            Convert.ToHexStringLower(SHA256.HashData(call.Body.ToArray()))[..24],
            $"sandbox-{call.UpstreamModel}",
            written,
            IsCut: written.Length < text.Length,
            TokensIn(call.Body.Length),
            TokensIn(Encoding.UTF8.GetByteCount(written)));
    }

    /// <summary>The tokens that so many bytes count as.</summary>
    public static int TokensIn(long bytes) => (int)((bytes + BytesPerToken - 1) / BytesPerToken);

    /// <summary>The request's limit of tokens; none where it has none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="fields">Where it may be; the first that is there counts.</param>
    /// <param name="wrongField">The field that holds no limit.</param>
    public static int? LimitIn(JsonElement request, IReadOnlyList<string> fields, out string? wrongField)
    {
        wrongField = null;
        foreach (var field in fields)
        {
            var limit = SandboxRequest.Member(request, field);
            if (limit.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            {
                continue;
            }

            if (limit.ValueKind is JsonValueKind.Number && limit.TryGetInt32(out var most) && most > 0)
            {
                return most;
            }

            wrongField = field;
            return null;
        }

        return null;
    }

    /// <summary>The text word by word, each with the blank that follows it.</summary>
    public IEnumerable<string> Words()
    {
        for (var at = 0; at < Value.Length;)
        {
            var blank = Value.IndexOf(' ', at);
            var end = blank < 0 ? Value.Length : blank + 1;
            yield return Value[at..end];
            at = end;
        }
    }

    private static string Start(string text, int runes) => string.Concat(text.EnumerateRunes().Take(runes));

    private static string Cut(string text, long mostBytes)
    {
        var (bytes, length) = (0L, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > mostBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
