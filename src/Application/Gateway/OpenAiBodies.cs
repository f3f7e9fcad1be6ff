using System.Text.Encodings.Web;
using System.Text.Json;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Shared;

namespace AiPlatform.Application.Gateway;

/// <summary>Writes requests as OpenAI's API words them. What a prompt leaves open is left out.</summary>
internal static class OpenAiBodies
{
    // The body is never put into HTML, so that a letter outside ASCII may stay one letter.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static JsonScratch? _scratch;

    public static ReadOnlyMemory<byte> Chat(ChatPrompt prompt, string upstreamModel, string outputLimitField) => Write(body =>
    {
        body.WriteString("model", upstreamModel);
        body.WriteStartArray("messages");
        foreach (var message in prompt.Messages)
        {
            body.WriteStartObject();
            body.WriteString("role", message.Role);
            body.WriteString("content", message.Content);
            body.WriteEndObject();
        }

        body.WriteEndArray();
        WriteNumber(body, "temperature", prompt.Temperature);
        WriteNumber(body, "top_p", prompt.TopP);
        WriteNumber(body, "presence_penalty", prompt.PresencePenalty);
        WriteNumber(body, "frequency_penalty", prompt.FrequencyPenalty);
        if (prompt.MaxTokens is { } most)
        {
            body.WriteNumber(outputLimitField, most);
        }

        if (prompt.ResponseFormat is { } format)
        {
            body.WriteStartObject("response_format");
            body.WriteString("type", format);
            body.WriteEndObject();
        }
    });

    public static ReadOnlyMemory<byte> Embeddings(IReadOnlyList<string> texts, string upstreamModel) => Write(body =>
    {
        body.WriteString("model", upstreamModel);
        body.WriteStartArray("input");
        foreach (var text in texts)
        {
            body.WriteStringValue(text);
        }

        body.WriteEndArray();
        body.WriteString("encoding_format", "float");
    });

    public static ReadOnlyMemory<byte> Image(ImagePrompt prompt, string upstreamModel) => Write(body =>
    {
        body.WriteString("model", upstreamModel);
        body.WriteString("prompt", prompt.Text);
        body.WriteNumber("n", 1);
        body.WriteString("size", prompt.Size);
        body.WriteString("quality", prompt.Quality);
        body.WriteString("style", prompt.Style);
        body.WriteString("response_format", "b64_json");
    });

    private static void WriteNumber(Utf8JsonWriter body, string name, double? number)
    {
        if (number is { } value)
        {
            body.WriteNumber(name, value);
        }
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var scratch = _scratch ??= new JsonScratch(Plain);
        var body = scratch.Start();
        body.WriteStartObject();
        members(body);
        body.WriteEndObject();
        return scratch.End().ToArray();
    }
}
