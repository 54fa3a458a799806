using System.Buffers;
using System.IO.Pipelines;
using System.Numerics;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Features.Transfers;

/// <summary>A message of a client as it lies where it was received. Its mask comes off while it is copied on, and not before.</summary>
internal readonly record struct RelayFrame(MessageKind Kind, ReadOnlySequence<byte> Payload, uint Mask)
{
    public int Length => (int)Payload.Length;

    /// <summary>Writes it as a frame of the server.</summary>
    public void WriteTo(PipeWriter output)
    {
        Span<byte> head = stackalloc byte[FrameHead.LongestWritten];
        var start = FrameHead.WriteBefore(head, head.Length, Kind == MessageKind.Text ? FrameOpcode.Text : FrameOpcode.Binary, Length);
        output.Write(head[start..]);
        var mask = Mask;
        foreach (var segment in Payload)
        {
            for (var from = segment.Span; !from.IsEmpty;)
            {
                var to = output.GetSpan();
                var length = Math.Min(from.Length, to.Length);
                FrameHead.Unmask(from[..length], to, mask);
                output.Advance(length);
                from = from[length..];
                mask = After(mask, length);
            }
        }
    }

    /// <summary>Copies its beginning, as much as there is room for.</summary>
    public void CopyTo(Span<byte> to)
    {
        var mask = Mask;
        foreach (var segment in Payload)
        {
            var length = Math.Min(segment.Length, to.Length);
            FrameHead.Unmask(segment.Span[..length], to, mask);
            to = to[length..];
            mask = After(mask, length);
        }
    }

    // The mask of the byte that follows so many.
    private static uint After(uint mask, int length) => BitConverter.IsLittleEndian ? BitOperations.RotateRight(mask, 8 * (length & 3)) : BitOperations.RotateLeft(mask, 8 * (length & 3));
}

/// <summary>Finds whole messages in what a side of a relay sent, and copies none that came in one piece.</summary>
internal sealed class RelayReader : IDisposable
{
    private byte[]? _pieces;
    private int _length;
    private FrameOpcode _opcode;

    /// <summary>Takes the next message off the front of what came; false when it is not whole. It is good until the next call.</summary>
    public bool TryTake(ref ReadOnlySequence<byte> bytes, out RelayFrame frame)
    {
        while (true)
        {
            frame = default;
            switch (ReadHead(bytes, out var head))
            {
                case HeadReading.More:
                    return false;
                case HeadReading.Broken:
                    frame = new RelayFrame(MessageKind.Broken, default, 0);
                    return true;
            }

            var isControl = head.Opcode >= FrameOpcode.Close;
            if (head.PayloadLength > (ulong)(RelayRules.LongestText - (isControl ? 0 : _length)))
            {
                frame = new RelayFrame(MessageKind.TooBig, default, 0);
                return true;
            }

            var length = (long)head.PayloadLength;
            if (bytes.Length < head.Length + length)
                return false;
            var payload = bytes.Slice(head.Length, length);
            bytes = bytes.Slice(payload.End);
            if (isControl)
            {
                frame = new RelayFrame(head.Opcode switch { FrameOpcode.Close => MessageKind.Close, FrameOpcode.Ping => MessageKind.Ping, _ => MessageKind.Pong }, payload, head.Mask);
                return true;
            }

            if (TryJoin(head, payload, out frame))
                return true;
        }
    }

    public void Dispose()
    {
        if (_pieces is not null)
            ArrayPool<byte>.Shared.Return(_pieces);
        _pieces = null;
    }

    private static HeadReading ReadHead(in ReadOnlySequence<byte> bytes, out FrameHead head)
    {
        if (bytes.FirstSpan.Length >= FrameHead.LongestRead)
            return FrameHead.TryRead(bytes.FirstSpan, out head);
        Span<byte> first = stackalloc byte[FrameHead.LongestRead];
        var some = bytes.Slice(0, Math.Min(bytes.Length, first.Length));
        some.CopyTo(first);
        return FrameHead.TryRead(first[..(int)some.Length], out head);
    }

    /// <summary>False when it was a piece, and more are to come. Browsers send what does not fit into one of their buffers in pieces.</summary>
    private bool TryJoin(FrameHead head, ReadOnlySequence<byte> payload, out RelayFrame frame)
    {
        // A message goes on if and only if one has begun.
        var goesOn = head.Opcode == FrameOpcode.Continuation;
        frame = new RelayFrame(goesOn == (_opcode != FrameOpcode.Continuation) ? KindOf(head.Opcode) : MessageKind.Broken, payload, head.Mask);
        if (frame.Kind == MessageKind.Broken || (head.IsFinal && !goesOn))
            return true;

        _pieces ??= ArrayPool<byte>.Shared.Rent(RelayRules.LongestText);
        frame.CopyTo(_pieces.AsSpan(_length));
        _length += (int)payload.Length;
        if (!goesOn)
            _opcode = head.Opcode;
        if (!head.IsFinal)
            return false;
        frame = new RelayFrame(KindOf(_opcode), new ReadOnlySequence<byte>(_pieces, 0, _length), 0);
        (_opcode, _length) = (FrameOpcode.Continuation, 0);
        return true;
    }

    private static MessageKind KindOf(FrameOpcode opcode) => opcode == FrameOpcode.Text ? MessageKind.Text : MessageKind.Binary;
}
