namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Configuration section <c>Docs</c>.</summary>
internal sealed class DocsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Docs";

    /// <summary>Whether the documentation is served; true by default.</summary>
    public bool Enabled { get; set; } = true;
}
