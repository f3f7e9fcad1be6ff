using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway;

/// <summary>Why a request to a host of many vendors' models is not answered, in the words that are documented for it.</summary>
public static class ProxyErrors
{
    /// <summary>There is no host of that name.</summary>
    public static readonly Error UnknownProvider = new("provider_unknown", ErrorKind.NotFound, "Unknown provider");

    /// <summary>The host has no key here.</summary>
    public static readonly Error NotConfigured = new("provider_not_configured", ErrorKind.Unavailable, "Provider is not configured");

    /// <summary>A field is wrong, with the status that the surface has for it.</summary>
    /// <param name="error">What the rules of model APIs say of the field.</param>
    internal static Error OfField(Error error) => error with { Kind = ErrorKind.Unprocessable };
}
