using AiPlatform.Application.Gateway.Contracts;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>A provider whose traffic is watched.</summary>
internal interface IWatchedProvider
{
    /// <summary>How it is now.</summary>
    ProviderHealth Health { get; }
}
