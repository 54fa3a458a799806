using System.Net.Sockets;
using System.Net.WebSockets;

namespace Hypersend.FaultTests.Load;

/// <summary>
/// What a proxy before the nodes does: every request to the next one, and to the one after it when nobody is there. What was sent and
/// has no answer is not sent again here: nobody knows whether it was done.
/// </summary>
internal sealed class Balancer(IReadOnlyList<Uri> nodes)
{
    private int _next;

    /// <summary>The address that clients are given; where a request really goes is decided for each.</summary>
    public Uri Address => nodes[0];

    /// <summary>For one client's requests; the client disposes it.</summary>
    public HttpMessageHandler Handler() => new Spread(this, new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    /// <summary>For one client's socket.</summary>
    public async Task<WebSocket> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var socket = new ClientWebSocket();
            try
            {
                socket.Options.KeepAliveInterval = TimeSpan.Zero;
                await socket.ConnectAsync(new UriBuilder(address) { Port = Next().Port }.Uri, cancellation);
                return socket;
            }
            catch (WebSocketException) when (tries < nodes.Count)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private Uri Next() => nodes[(int)((uint)Interlocked.Increment(ref _next) % (uint)nodes.Count)];

    private sealed class Spread(Balancer balancer, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var tries = 1; ; tries++)
            {
                request.RequestUri = new Uri(balancer.Next(), request.RequestUri!.PathAndQuery);
                try
                {
                    return await base.SendAsync(request, cancellationToken);
                }
                catch (HttpRequestException exception) when (tries < balancer.Count && exception is { HttpRequestError: HttpRequestError.ConnectionError, InnerException: SocketException })
                {
                    // Not a byte has left.
                    continue;
                }
            }
        }
    }

    private int Count => nodes.Count;
}
