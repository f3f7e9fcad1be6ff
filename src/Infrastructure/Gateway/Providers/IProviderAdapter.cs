using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Makes providers of one kind.</summary>
internal interface IProviderAdapter
{
    /// <summary>The kind that it makes.</summary>
    ProviderKind Kind { get; }

    /// <summary>Makes a provider of its settings.</summary>
    IModelProvider Create(ProviderSettings settings);
}
