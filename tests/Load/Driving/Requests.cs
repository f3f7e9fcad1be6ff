using System.Text;

namespace AiPlatform.Load.Driving;

/// <summary>Requests as the bytes that go over the wire, made once.</summary>
internal static class Requests
{
    public const string Question = "Why is the sky blue?";

    /// <summary>What a provider is asked.</summary>
    public const string ProviderBody = $$"""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"{{Question}}"}]}""";

    /// <summary>What a provider is asked for a stream.</summary>
    public const string StreamBody = $$"""{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"{{Question}}"}]}""";

    /// <summary>What the platform is asked.</summary>
    public const string PlatformBody = $$"""{"user_input":"{{Question}}"}""";

    /// <summary>One request an access token, or one without a token.</summary>
    public static byte[][] Make(Uri target, string body, IReadOnlyList<string> tokens) =>
        tokens.Count == 0 ? [Post(target, body, null)] : [.. tokens.Select(token => Post(target, body, token))];

    /// <summary>A <c>POST</c> of JSON.</summary>
    public static byte[] Post(Uri target, string body, string? token, string? correlationId = null) => Encoding.UTF8.GetBytes(
        $"POST {target.AbsolutePath} HTTP/1.1\r\nHost: {target.Authority}\r\nContent-Type: application/json\r\n"
        + (token is null ? string.Empty : $"X-Token: {token}\r\n")
        + (correlationId is null ? string.Empty : $"X-Correlation-ID: {correlationId}\r\n")
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
