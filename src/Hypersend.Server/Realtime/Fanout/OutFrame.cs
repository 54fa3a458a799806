using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Realtime.Fanout;

/// <summary>
/// A WebSocket frame ready to be sent, made once for however many sockets. Its objects without the brackets around them are
/// a slice of the same buffer, so that frames which wait together can leave as one array.
/// </summary>
internal class OutFrame
{
    /// <summary>How much room a buffer has to have in front of the payload.</summary>
    public const int RoomBefore = FrameHead.LongestWritten;

    /// <summary>How much is put into one frame of several.</summary>
    public const int MostJoinedBytes = 60 * 1024;

    private readonly byte[] _buffer;
    private readonly int _start;
    private readonly int _end;
    private readonly int _bracket;

    /// <summary>The buffer has room for the head in front of the payload.</summary>
    private protected OutFrame(byte[] buffer, int end, int bracket, FrameKind kind, FrameOpcode opcode = FrameOpcode.Text)
    {
        (_buffer, _end, _bracket, Kind) = (buffer, end, bracket, kind);
        _start = FrameHead.WriteBefore(buffer, FrameHead.LongestWritten, opcode, end - FrameHead.LongestWritten);
    }

    public FrameKind Kind { get; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_start, _end - _start);

    /// <summary>The JSON objects, with commas between them.</summary>
    public ReadOnlySpan<byte> Objects =>
        _buffer.AsSpan(FrameHead.LongestWritten + _bracket, _end - FrameHead.LongestWritten - (2 * _bracket));

    public int Length => _end - _start;

    /// <summary>A frame around one JSON object.</summary>
    public static OutFrame Of(ReadOnlySpan<byte> json, FrameKind kind)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(FrameHead.LongestWritten + json.Length);
        json.CopyTo(buffer.AsSpan(FrameHead.LongestWritten));
        return new OutFrame(buffer, buffer.Length, bracket: 0, kind);
    }

    /// <summary>A frame around the JSON object that a buffer has between the room in front and an end.</summary>
    public static OutFrame In(byte[] buffer, int end, FrameKind kind) => new(buffer, end, bracket: 0, kind);

    /// <summary>Several answers as as few frames as they fit into.</summary>
    public static List<OutFrame> Join(List<OutFrame> answers, FrameKind kind = FrameKind.Answer)
    {
        if (answers.Count < 2)
            return answers;
        var joined = new List<OutFrame>();
        for (var from = 0; from < answers.Count;)
        {
            var (to, length) = (from, 0);
            while (to < answers.Count && (to == from || length + answers[to].Objects.Length < MostJoinedBytes))
                length += answers[to++].Objects.Length + 1;
            joined.Add(Join(answers, from, to, length, kind));
            from = to;
        }

        return joined;
    }

    private static OutFrame Join(List<OutFrame> answers, int from, int to, int length, FrameKind kind)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(RoomBefore + length + 1);
        var at = RoomBefore;
        for (var i = from; i < to; i++)
        {
            buffer[at++] = (byte)(i == from ? '[' : ',');
            answers[i].Objects.CopyTo(buffer.AsSpan(at));
            at += answers[i].Objects.Length;
        }

        buffer[at] = (byte)']';
        return new OutFrame(buffer, buffer.Length, bracket: 1, kind);
    }

    /// <summary>A frame of the protocol below: close, pong.</summary>
    public static OutFrame OfControl(FrameOpcode opcode, ReadOnlySpan<byte> payload)
    {
        var buffer = new byte[FrameHead.LongestWritten + payload.Length];
        payload.CopyTo(buffer.AsSpan(FrameHead.LongestWritten));
        return new OutFrame(buffer, buffer.Length, bracket: 0, FrameKind.Control, opcode);
    }
}

/// <summary>What becomes of a frame when its reader is slow.</summary>
internal enum FrameKind
{
    /// <summary>Dropped with all others of its kind; the reader is told to resync.</summary>
    Event,

    /// <summary>Who types, who came: not even queued behind a few others.</summary>
    Passing,

    /// <summary>Never dropped: instead no more is read from whom it answers.</summary>
    Answer,

    /// <summary>Never dropped and never joined with others.</summary>
    Control,
}
