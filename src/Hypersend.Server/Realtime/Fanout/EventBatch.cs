using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Realtime.Fanout;

/// <summary>Consecutive events of one chat as one frame: an object, or an array of them.</summary>
internal sealed class EventBatch : OutFrame
{
    private readonly ArraySegment<ChatEvent> _events;

    private EventBatch(byte[] buffer, int bracket, ArraySegment<ChatEvent> events)
        : base(buffer, buffer.Length, bracket, FrameKind.Event)
    {
        _events = events;
        OldestSeq = long.MaxValue;
        foreach (var one in events)
        {
            if (one.Seq > 0)
                OldestSeq = Math.Min(OldestSeq, one.Seq);
        }
    }

    public long FirstRev => _events[0].Rev;

    public long LastRev => _events[^1].Rev;

    public int Count => _events.Count;

    /// <summary>The oldest message that is shown; a high number when none is.</summary>
    public long OldestSeq { get; }

    public static EventBatch Of(ArraySegment<ChatEvent> events)
    {
        var bracket = events.Count > 1 ? 1 : 0;
        var length = FrameHead.LongestWritten + (2 * bracket) + events.Count - 1;
        foreach (var one in events)
            length += one.Json.Length;

        var buffer = GC.AllocateUninitializedArray<byte>(length);
        var at = FrameHead.LongestWritten;
        var separator = (byte)'[';
        foreach (var one in events)
        {
            if (bracket > 0)
                buffer[at++] = separator;
            one.Json.Span.CopyTo(buffer.AsSpan(at));
            at += one.Json.Length;
            separator = (byte)',';
        }

        if (bracket > 0)
            buffer[at] = (byte)']';
        return new EventBatch(buffer, bracket, events);
    }

    /// <summary>For somebody who does not see messages up to a seq: their revs pass without them.</summary>
    public EventBatch Without(long seq, ChatId chat) =>
        Of(_events.Select(one => one.Seq is 0 || one.Seq > seq ? one : new ChatEvent(one.Rev, EventJson.OfPassed(chat, one.Rev))).ToArray());

    /// <summary>What of it is new to somebody who has the chat up to a rev; it has to be something.</summary>
    public OutFrame After(long rev)
    {
        var from = 0;
        while (_events[from].Rev <= rev)
            from++;
        return from == 0 ? this : Of(_events[from..]);
    }
}
