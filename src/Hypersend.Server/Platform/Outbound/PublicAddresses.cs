using System.Net;
using System.Net.Sockets;

namespace Hypersend.Server.Platform.Outbound;

/// <summary>Which addresses belong to the open internet. Everything else could be a machine that trusts its neighbours.</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] ReservedV4 =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        ]).Select(IPNetwork.Parse),
    ];

    // Only 2000::/3 is given out for global use; what is special inside it: protocols that carry other addresses
    // (Teredo, 6to4), documentation, benchmarks, segment routing.
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] ReservedV6 =
    [
        .. ((string[])["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"]).Select(IPNetwork.Parse),
    ];

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Array.Exists(ReservedV4, network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => GlobalV6.Contains(address) && !Array.Exists(ReservedV6, network => network.Contains(address)),
            _ => false,
        };
    }
}
