using System.Net;
using AiPlatform.Infrastructure.Shared;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared;

/// <summary>Whose word on a client's address is believed: proxies that the operator names, and nobody else, not even on this machine.</summary>
internal static class ForwardedFor
{
    public static void Trust(ForwardedHeadersOptions headers, IOptions<AddressOptions> options)
    {
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        foreach (var proxy in AddressOptions.Split(options.Value.TrustedProxies))
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                headers.KnownProxies.Add(address);
            }
            else
            {
                headers.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }

        // Without known proxies the middleware would believe everybody.
        var trusts = headers.KnownProxies.Count + headers.KnownIPNetworks.Count > 0;
        headers.ForwardedHeaders = trusts ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;
        headers.ForwardLimit = null;
    }
}
