using System.Text;

namespace Hypersend.Load.Sockets;

/// <summary>socket.io 4 on a bare WebSocket: engine.io packets, one a frame, pings answered.</summary>
internal sealed class SocketIoDialect : Dialect
{
    public override string Path => "/socket.io/?EIO=4&transport=websocket";

    public override void Opened(LoadSocket socket)
    {
    }

    public override void Received(LoadSocket socket, ReadOnlySpan<byte> text, long now)
    {
        if (text.StartsWith("42"u8))
            Hear(socket, text, now);
        else if (text.StartsWith("43"u8))
            HearAcknowledgement(socket, text[2..], now);
        else if (text.StartsWith("0{"u8))
            socket.Queue("40"u8);
        else if (text.StartsWith("40"u8))
            socket.IsReady = true;
        else if (text.SequenceEqual("2"u8))
            socket.Queue("3"u8);
        else
            socket.Fail(Encoding.UTF8.GetString(text));
    }

    public static Speech Speech(string content) => new($$"""42{{Sockets.Speech.Number}}["say","{{content}}"]""", sender: 0);
}
