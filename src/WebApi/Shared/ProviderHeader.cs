namespace AiPlatform.WebApi.Shared;

/// <summary>The header that names the provider which served an answer.</summary>
internal static class ProviderHeader
{
    public const string Name = "X-Model-Provider";
}
