using System.Text.Json;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Reads requests whose members may be of any type.</summary>
internal static class SandboxRequest
{
    /// <summary>Whether the request asks for an answer in JSON, as chats (<c>response_format</c>) or responses (<c>text.format</c>) say it.</summary>
    public static bool WantsJson(JsonElement request) =>
        Text(Member(request, "response_format"), "type") is "json_object"
        || Text(Member(Member(request, "text"), "format"), "type") is "json_object";

    /// <summary>A member, or nothing.</summary>
    public static JsonElement Member(JsonElement owner, string name) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var member) ? member : default;

    /// <summary>A member that is text, or <see langword="null"/>.</summary>
    public static string? Text(JsonElement owner, string name) => Text(Member(owner, name));

    /// <summary>The last element of an array, or nothing.</summary>
    public static JsonElement Last(JsonElement array) =>
        array.ValueKind is JsonValueKind.Array ? array.EnumerateArray().LastOrDefault() : default;

    /// <summary>A message's content: a text, or the first part of it that is one.</summary>
    public static string Content(JsonElement content) => content.ValueKind is JsonValueKind.Array
        ? content.EnumerateArray().Select(part => Text(part) ?? Text(part, "text")).FirstOrDefault(text => text is not null) ?? string.Empty
        : Text(content) ?? string.Empty;

    private static string? Text(JsonElement member)
    {
        if (member.ValueKind is not JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return member.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is valid JSON and no text.
            return null;
        }
    }
}
