using System.Net;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.RateLimits;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Where a sign-in comes from.</summary>
internal sealed record Device(string Address, string Network, string UserAgent, bool IsThisMachine)
{
    private const int LongestUserAgent = 300;

    public static Device Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var agent = context.Request.Headers.UserAgent.ToString();
        return new Device(
            address.ToString(),
            ClientNetwork.NetworkOf(address),
            agent.Length > LongestUserAgent ? agent[..LongestUserAgent] : agent,
            IPAddress.IsLoopback(address) && !HttpSetup.WasForwarded(context));
    }
}
