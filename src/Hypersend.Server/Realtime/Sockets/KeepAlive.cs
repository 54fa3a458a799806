using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>Lets the kernel find out that a peer is gone, so that no timer of ours has to.</summary>
internal static class KeepAlive
{
    private const int IdleSeconds = 60;
    private const int EverySeconds = 15;
    private const int Tries = 4;
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;
    private const int UnansweredMs = 60_000;

    public static void On(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { ProtocolType: ProtocolType.Tcp } socket)
            return;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, EverySeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Tries);

            // Sent and not acknowledged for so long: the connection is dead, whatever the kernel's own patience is.
            if (OperatingSystem.IsLinux())
            {
                Span<byte> value = stackalloc byte[sizeof(int)];
                BinaryPrimitives.WriteInt32LittleEndian(value, UnansweredMs);
                socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, value);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already, which the first read finds out.
        }
    }
}
