using System.Net;
using System.Net.Sockets;

namespace Hypersend.Server.Platform.RateLimits;

/// <summary>The network that stands for an address where one subscriber may own many: /24 or /64.</summary>
internal static class ClientNetwork
{
    public static string NetworkOf(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var isV4 = plain.AddressFamily == AddressFamily.InterNetwork;
        var bytes = plain.GetAddressBytes();
        Array.Clear(bytes, isV4 ? 3 : 8, isV4 ? 1 : 8);
        return $"{new IPAddress(bytes)}/{(isV4 ? 24 : 64)}";
    }
}
