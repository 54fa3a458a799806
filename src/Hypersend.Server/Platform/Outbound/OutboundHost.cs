using System.Net;
using System.Net.Sockets;

namespace Hypersend.Server.Platform.Outbound;

/// <summary>Whose machine an address leads to, for counting how much of us it holds.</summary>
internal static class OutboundHost
{
    private const int NetworkBytes = 8;

    // Where the second label is a registry's, too, the owner's is the third. Those that are not here share one count.
    private static readonly HashSet<string> Shared = new(["ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org"], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// One name for all odd ports, and not that of the usual one: who invents ports must gain nothing by it, and must not
    /// bring a well-behaved host into disrepute either.
    /// </summary>
    public static string NameOf(Uri url) => url.IsDefaultPort ? url.IdnHost : url.IdnHost + ":*";

    /// <summary>What one owner can have names without number of: a domain; of IPv6 a network.</summary>
    public static string OwnerOf(Uri url)
    {
        if (IPAddress.TryParse(url.DnsSafeHost, out var address))
            return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, NetworkBytes) : address.ToString();
        var labels = url.IdnHost.TrimEnd('.').Split('.');
        var own = labels is [.., { Length: 2 }] && labels.Length > 2 && Shared.Contains(labels[^2]) ? 3 : 2;
        return string.Join('.', labels[^Math.Min(own, labels.Length)..]).ToLowerInvariant();
    }
}
