using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>A WebSocket can be opened at PUBLIC_URL.</summary>
internal sealed class SocketCheck : ICheck
{
    private const int Switching = 101;

    public string Name => "socket";

    public string Fix => "nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\"; and proxy_read_timeout above a minute.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var url = new Uri(site.Server.PublicUrl, "/api/v1/ws");
        var status = 0;
        try
        {
            await using var line = await PublicLine.OpenAsync(url, cancellation);
            await line.WriteHeadAsync(
                "GET", url, cancellation, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: " + SocketHandshake.Version,
                "Sec-WebSocket-Key: " + Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)),
                "Origin: " + site.Server.PublicUrl.GetLeftPart(UriPartial.Authority));
            status = (await line.ReadHeadAsync(cancellation)).Status;
        }
        catch (SocketException)
        {
            // ProxyCheck says that nothing answers there.
            yield break;
        }

        yield return status == Switching
            ? Finding.Ok("socket", string.Create(CultureInfo.InvariantCulture, $"WebSockets come through; a sign of life goes both ways every {SocketWheel.HeartbeatSeconds} s, so a timeout of the proxy must be longer"))
            : Finding.Wrong("socket", string.Create(CultureInfo.InvariantCulture, $"a WebSocket is answered {status} instead of 101: people get a slow substitute"), Fix);
    }
}
