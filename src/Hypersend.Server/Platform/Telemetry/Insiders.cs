using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.Telemetry;

/// <summary>Who may see metrics and the state of each engine: loopback, private networks, and holders of METRICS_TOKEN.</summary>
internal sealed class Insiders(ServerOptions options)
{
    public bool Includes(HttpContext context)
    {
        if (options.MetricsToken is { } token && SentToken(context, token))
            return true;

        // A proxy we were not told to trust makes every caller look like itself: then nobody is inside.
        if (HttpSetup.WasForwarded(context) && options.TrustedProxies.Count == 0)
            return false;
        return context.Connection.RemoteIpAddress is { } address && IsInside(address);
    }

    public static bool IsInside(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
            return true;
        if (address.AddressFamily != AddressFamily.InterNetwork)
            return false;
        var bytes = address.GetAddressBytes();
        return bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and <= 31) || (bytes[0] == 192 && bytes[1] == 168);
    }

    private static bool SentToken(HttpContext context, string token) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString())),
        SHA256.HashData(Encoding.UTF8.GetBytes("Bearer " + token)));
}
