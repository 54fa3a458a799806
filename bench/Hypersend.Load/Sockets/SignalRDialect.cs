using System.Text;

namespace Hypersend.Load.Sockets;

/// <summary>SignalR's JSON protocol on a bare WebSocket, without negotiation: records that end with 0x1E.</summary>
internal sealed class SignalRDialect : Dialect
{
    private const char End = '\x1e';

    public override string Path => "/chat";

    public override void Opened(LoadSocket socket) => socket.Queue(Encoding.UTF8.GetBytes("""{"protocol":"json","version":1}""" + End));

    public override void Received(LoadSocket socket, ReadOnlySpan<byte> text, long now)
    {
        if (socket.IsReady)
        {
            var acknowledged = HearAcknowledgements(socket, text, "\"type\":3,\"invocationId\":\""u8, now);
            if (!Hear(socket, text, now) && !acknowledged && text.IndexOf("\"type\":7"u8) >= 0)
                socket.Fail(Encoding.UTF8.GetString(text));
        }
        else if (text.IndexOf("{}"u8) >= 0)
        {
            socket.IsReady = true;
        }
        else
        {
            socket.Fail(Encoding.UTF8.GetString(text));
        }
    }

    public static Speech Speech(string content) => new(
        $$"""{"type":1,"invocationId":"{{Sockets.Speech.Number}}","target":"Say","arguments":["{{content}}"]}""" + End, sender: 0);
}
