using System.Net;
using System.Net.Sockets;

namespace Hypersend.Server.Platform.Outbound;

/// <summary>
/// Sends requests to addresses that somebody else chose: a browser's push service, a page behind a link. Every address a
/// name resolves to is looked at when the connection is made, so that no answer of a name server leads inside. It follows
/// no redirect, keeps no cookie, uses no proxy.
/// </summary>
internal sealed class OutboundClient(OutboundOptions options, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) : IDisposable
{
    private const int MostHeaderKilobytes = 32;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxConnectionsPerServer = 8,
        MaxResponseHeadersLength = MostHeaderKilobytes,

        // A connection that is kept was checked when it was made; it is not kept for long.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, resolve ?? Dns.GetHostAddressesAsync, options.AllowPrivate, cancellation),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Whether an address may be asked at all; what its name leads to is seen when it is.</summary>
    public bool MayAsk(Uri url)
    {
        if (!url.IsAbsoluteUri || url.UserInfo.Length > 0 || url.Host.Length == 0)
            return false;
        if (options.AllowPrivate)
            return url.Scheme is "https" or "http";
        if (url.Scheme != "https" && url.Scheme != "http")
            return false;
        var name = url.DnsSafeHost.TrimEnd('.');
        return IPAddress.TryParse(name, out var address)
            ? PublicAddresses.IsPublic(address)
            : name.Contains('.', StringComparison.Ordinal) && !name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether it may be asked, and only with encryption.</summary>
    public bool MayAskSecurely(Uri url) => MayAsk(url) && (url.Scheme == "https" || options.AllowPrivate);

    /// <summary>The answer's head; the body is the caller's to read, as far as it wants.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        MayAsk(request.RequestUri!)
            ? _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
            : Task.FromException<HttpResponseMessage>(new RefusedAddressException());

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint end, Func<string, CancellationToken, Task<IPAddress[]>> resolve, bool allowPrivate, CancellationToken cancellation)
    {
        var addresses = await resolve(end.Host, cancellation);
        if (addresses.Length == 0 || (!allowPrivate && !Array.TrueForAll(addresses, PublicAddresses.IsPublic)))
            throw new RefusedAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, end.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
