using System.Net;
using System.Net.Sockets;
using AiPlatform.Application.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

internal sealed partial class AllowedAddresses : IAllowedAddresses
{
    private readonly bool _restrict;
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly List<IPNetwork> _networks = [];

    public AllowedAddresses(IOptions<AddressOptions> options, ILogger<AllowedAddresses> logger)
    {
        _restrict = options.Value.Restrict;
        foreach (var entry in _restrict ? AddressOptions.Split(options.Value.Allowed) : [])
        {
            if (IPAddress.TryParse(entry, out var address))
            {
                Add(address);
            }
            else if (IPNetwork.TryParse(entry, out var network))
            {
                _networks.Add(network);
            }
            else
            {
                Resolve(entry, logger);
            }
        }
    }

    public bool Contains(string? address)
    {
        if (!_restrict)
        {
            return true;
        }

        if (!IPAddress.TryParse(address, out var parsed))
        {
            return false;
        }

        var plain = Plain(parsed);
        return _addresses.Contains(plain) || _networks.Exists(network => network.Contains(plain));
    }

    // The spellings of this machine count as one.
    private void Add(IPAddress address)
    {
        var plain = Plain(address);
        _addresses.UnionWith(IPAddress.IsLoopback(plain) ? [plain, IPAddress.Loopback, IPAddress.IPv6Loopback] : [plain]);
    }

    private void Resolve(string host, ILogger logger)
    {
        try
        {
            Array.ForEach(Dns.GetHostAddresses(host), Add);
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            // One name that is gone must not shut everybody else out; it lets nobody in.
            LogUnknown(logger, unknown, host);
        }
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    [LoggerMessage(Level = LogLevel.Error, Message = "Addresses:Allowed names {Host}, which has no address; it lets nobody in")]
    private static partial void LogUnknown(ILogger logger, Exception exception, string host);
}
