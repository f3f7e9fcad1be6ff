using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace AiPlatform.WebApi.Shared.Json;

/// <summary>
/// Binds a parameter from the JSON body, whatever its content type. A body that is absent, unreadable or no JSON object binds
/// to a request without fields, and so does that of a caller who is not known, which is not read; the pipeline answers both.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class JsonBodyAttribute : Attribute, IBindingSourceMetadata, IBinderTypeProviderMetadata
{
    /// <summary>Most bytes of a JSON body: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Deepest nesting of a JSON body.</summary>
    public const int MaxDepth = 32;

    /// <inheritdoc/>
    public BindingSource BindingSource => BindingSource.Body;

    /// <inheritdoc/>
    public Type BinderType => typeof(JsonBodyBinder);
}

/// <summary>Has an action read larger and deeper JSON bodies than others, as images and tool schemas need.</summary>
/// <param name="maxBytes">Most bytes.</param>
/// <param name="maxDepth">Deepest nesting.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class JsonBodyBoundsAttribute(int maxBytes, int maxDepth) : Attribute
{
    /// <summary>Most bytes.</summary>
    public int MaxBytes { get; } = maxBytes;

    /// <summary>Deepest nesting.</summary>
    public int MaxDepth { get; } = maxDepth;
}
