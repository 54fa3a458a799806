using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>
/// The head of a WebSocket frame. Frames of the server are written here and not by the framework, so that one and the same
/// buffer, head included, goes to all sockets.
/// </summary>
internal readonly record struct FrameHead(bool IsFinal, FrameOpcode Opcode, int Length, ulong PayloadLength, uint Mask)
{
    /// <summary>The most bytes before the payload of a frame of ours, which has no mask.</summary>
    public const int LongestWritten = 10;

    /// <summary>The most bytes before the payload of a client's frame.</summary>
    public const int LongestRead = 14;

    public const int LongestControl = 125;

    private const byte FinalBit = 0x80;
    private const byte ReservedBits = 0x70;
    private const byte OpcodeBits = 0x0F;
    private const byte MaskBit = 0x80;
    private const byte LengthBits = 0x7F;
    private const byte SixteenBits = 126;
    private const byte SixtyFourBits = 127;

    /// <summary>Writes the head of a whole message right before <paramref name="end"/> and returns where it begins.</summary>
    public static int WriteBefore(Span<byte> buffer, int end, FrameOpcode opcode, int payloadLength)
    {
        var start = end - (payloadLength < SixteenBits ? 2 : payloadLength <= ushort.MaxValue ? 4 : LongestWritten);
        var head = buffer[start..end];
        head[0] = (byte)(FinalBit | (byte)opcode);
        if (head.Length == 2)
        {
            head[1] = (byte)payloadLength;
        }
        else if (head.Length == 4)
        {
            head[1] = SixteenBits;
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)payloadLength);
        }
        else
        {
            head[1] = SixtyFourBits;
            BinaryPrimitives.WriteUInt64BigEndian(head[2..], (ulong)payloadLength);
        }

        return start;
    }

    /// <summary>Reads the head of a client's frame; <see cref="HeadReading.More"/> when not all of it is there yet.</summary>
    public static HeadReading TryRead(ReadOnlySpan<byte> bytes, out FrameHead head)
    {
        head = default;
        if (bytes.Length < 2)
            return HeadReading.More;
        var opcode = (FrameOpcode)(bytes[0] & OpcodeBits);
        var isFinal = (bytes[0] & FinalBit) != 0;
        var length = (ulong)(bytes[1] & LengthBits);

        // No extension was agreed on, a client masks, and a control frame is short and whole.
        if ((bytes[0] & ReservedBits) != 0 || (bytes[1] & MaskBit) == 0 || !IsKnown(opcode) || (opcode >= FrameOpcode.Close && (!isFinal || length > LongestControl)))
            return HeadReading.Broken;
        var headLength = LongestRead - (length == SixtyFourBits ? 0 : length == SixteenBits ? 6 : 8);
        if (bytes.Length < headLength)
            return HeadReading.More;
        if (length == SixteenBits)
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        else if (length == SixtyFourBits)
            length = BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]);
        head = new FrameHead(isFinal, opcode, headLength, length, MemoryMarshal.Read<uint>(bytes[(headLength - 4)..]));
        return length > long.MaxValue ? HeadReading.Broken : HeadReading.Whole;
    }

    /// <summary>Takes the mask off a payload.</summary>
    public static void Unmask(Span<byte> payload, uint mask) => Unmask(payload, payload, mask);

    /// <summary>Copies a payload, or a part of it, without its mask; the mask is that of the first byte.</summary>
    public static void Unmask(ReadOnlySpan<byte> from, Span<byte> to, uint mask)
    {
        var masks = new Vector<uint>(mask);
        var vectors = MemoryMarshal.Cast<byte, Vector<uint>>(from);
        var plain = MemoryMarshal.Cast<byte, Vector<uint>>(to[..from.Length]);
        for (var i = 0; i < vectors.Length; i++)
            plain[i] = vectors[i] ^ masks;

        // A vector is a multiple of the mask's four bytes, so the mask begins anew behind them.
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(bytes, mask);
        for (var i = vectors.Length * Vector<byte>.Count; i < from.Length; i++)
            to[i] = (byte)(from[i] ^ bytes[i & 3]);
    }

    private static bool IsKnown(FrameOpcode opcode) => opcode is <= FrameOpcode.Binary or (>= FrameOpcode.Close and <= FrameOpcode.Pong);
}

/// <summary>What came of reading the head of a frame.</summary>
internal enum HeadReading
{
    More,
    Whole,
    Broken,
}
