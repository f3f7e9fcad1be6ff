namespace AiPlatform.WebApi.Shared;

/// <summary>What happened.</summary>
/// <param name="Message" example="Successfully logged out">What happened.</param>
public sealed record MessageReply(string Message);
