using System.Net.Security;
using System.Net.Sockets;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Asks one server by UDP, where a question is repeated, or by TCP and TLS.</summary>
internal sealed class StunTalk(StunUrl url) : IAsyncDisposable
{
    private const int Longest = 2048;

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    private readonly Socket _socket = url.Tcp
        ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
        : new Socket(SocketType.Dgram, ProtocolType.Udp);

    private Stream? _stream;

    public async Task ConnectAsync(CancellationToken cancellation)
    {
        await _socket.ConnectAsync(url.Host, url.Port, cancellation);
        if (!url.Tcp)
            return;
        _stream = new NetworkStream(_socket);
        if (!url.Tls)
            return;
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.Host }, cancellation);
        _stream = tls;
    }

    public async Task<StunMessage> AskAsync(byte[] request, CancellationToken cancellation)
    {
        if (_stream is not null)
            return await AskStreamAsync(_stream, request, cancellation);
        while (true)
        {
            await _socket.SendAsync(request, cancellation);
            using var again = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            again.CancelAfter(Again);
            try
            {
                return await HearAsync(request, again.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Lost on the way there or back: UDP may do that.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private async Task<StunMessage> HearAsync(byte[] request, CancellationToken cancellation)
    {
        var buffer = new byte[Longest];
        while (true)
        {
            var length = await _socket.ReceiveAsync(buffer, cancellation);
            if (StunMessage.IsAnswerTo(request, buffer.AsSpan(0, length)))
                return StunMessage.Read(buffer.AsSpan(0, length));
        }
    }

    private static async Task<StunMessage> AskStreamAsync(Stream stream, byte[] request, CancellationToken cancellation)
    {
        await stream.WriteAsync(request, cancellation);
        var buffer = new byte[Longest];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, StunMessage.HeadLength), cancellation);
        var length = StunMessage.LengthOf(buffer);
        if (length > Longest)
            throw new IOException("The answer is no STUN message");
        await stream.ReadExactlyAsync(buffer.AsMemory(StunMessage.HeadLength, length - StunMessage.HeadLength), cancellation);
        return StunMessage.Read(buffer.AsSpan(0, length));
    }
}
