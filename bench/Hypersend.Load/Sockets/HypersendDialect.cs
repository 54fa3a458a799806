using System.Text;

namespace Hypersend.Load.Sockets;

/// <summary>Hypersend's own protocol: a token in the subprotocol, <c>hello</c>, then events.</summary>
/// <param name="tokens">Of each person.</param>
/// <param name="hello">What each of them says first; without it they know nothing yet.</param>
/// <param name="ears">Who listens to what comes before the sockets are in step.</param>
internal sealed class HypersendDialect(IReadOnlyList<string> tokens, Func<int, string>? hello = null, IEars? ears = null) : Dialect
{
    /// <summary>How the id of a frame begins whose acknowledgement is waited for.</summary>
    public const string FrameId = "~!";

    private const string PlainHello = """{"type":"hello","cursors":{}}""";

    public override string Path => "/ws";

    public override string Header(int person) => $"Sec-WebSocket-Protocol: hypersend.v1, bearer.{tokens[person]}\r\n";

    public override void Opened(LoadSocket socket) => socket.Ears = ears;

    public override void Received(LoadSocket socket, ReadOnlySpan<byte> text, long now)
    {
        if (socket.IsReady)
        {
            var acknowledged = HearAcknowledgements(socket, text, "\"~!"u8, now);
            var heard = Hear(socket, text, now);
            if (!heard && !acknowledged && (text.IndexOf("\"resync\""u8) >= 0 || text.IndexOf("\"type\":\"error\""u8) >= 0))
                socket.Fail(Encoding.UTF8.GetString(text));
            return;
        }

        if (text.IndexOf("\"type\":\"welcome\""u8) >= 0)
            socket.Queue(Encoding.UTF8.GetBytes(hello?.Invoke(socket.Person) ?? PlainHello));
        if (ears is not null)
            Hear(socket, text, now);
        var synced = text.IndexOf("\"type\":\"synced\""u8);
        socket.IsReady = synced >= 0 && text[synced..].IndexOf("\"last\":false"u8) < 0;
        if (text.IndexOf("\"type\":\"error\""u8) >= 0)
            socket.Fail(Encoding.UTF8.GetString(text));
    }

    public static Speech Speech(string chat, string run, int sender, string content) => new(
        $$"""{"type":"message.send","id":"{{FrameId}}{{Sockets.Speech.Number}}","chat_id":"{{chat}}","client_id":"{{run}}-{{sender}}-{{Sockets.Speech.Number}}","content":"{{content}}"}""",
        sender);
}
