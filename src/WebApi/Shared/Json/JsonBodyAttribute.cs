using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace AiPlatform.WebApi.Shared.Json;

/// <summary>
/// Binds a parameter from the JSON body, whatever its content type. A body that is absent, unreadable or no JSON object binds
/// to a request without fields; the pipeline answers it after it has authenticated the caller.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class JsonBodyAttribute : Attribute, IBindingSourceMetadata, IBinderTypeProviderMetadata
{
    /// <summary>Most bytes of a JSON body: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <inheritdoc/>
    public BindingSource BindingSource => BindingSource.Body;

    /// <inheritdoc/>
    public Type BinderType => typeof(JsonBodyBinder);
}
