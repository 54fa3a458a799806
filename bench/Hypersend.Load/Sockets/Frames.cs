using System.Buffers.Binary;

namespace Hypersend.Load.Sockets;

/// <summary>WebSocket framing from the client's side (RFC 6455): frames out are masked, frames in are not.</summary>
internal static class Frames
{
    public const int Continuation = 0x0;
    public const int Text = 0x1;
    public const int Close = 0x8;
    public const int Ping = 0x9;
    public const int Pong = 0xA;

    private const int LongestHead = 14;

    // One key for all: servers have to undo it as any other, and only they are measured.
    private static ReadOnlySpan<byte> Key => [0x9E, 0x37, 0x79, 0xB9];

    /// <summary>Where the first frame of the bytes ends and what is in it; false while it is not all here.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Frame frame)
    {
        frame = default;
        if (bytes.Length < 2)
            return false;
        var head = 2;
        long length = bytes[1] & 0x7F;
        if (length == 126)
        {
            head = 4;
            if (bytes.Length < head)
                return false;
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        }
        else if (length == 127)
        {
            head = 10;
            if (bytes.Length < head)
                return false;
            length = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        }

        if (bytes.Length < head + length)
            return false;
        frame = new Frame(bytes[0] & 0x0F, (bytes[0] & 0x80) != 0, head, (int)length);
        return true;
    }

    /// <summary>Writes one masked frame and returns its length; <paramref name="room"/> has space for <see cref="SizeOf"/>.</summary>
    public static int Write(Span<byte> room, int kind, ReadOnlySpan<byte> payload)
    {
        room[0] = (byte)(0x80 | kind);
        var head = 2;
        if (payload.Length < 126)
        {
            room[1] = (byte)(0x80 | payload.Length);
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            room[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(room[2..], (ushort)payload.Length);
            head = 4;
        }
        else
        {
            room[1] = 0x80 | 127;
            BinaryPrimitives.WriteInt64BigEndian(room[2..], payload.Length);
            head = 10;
        }

        Key.CopyTo(room[head..]);
        head += Key.Length;
        for (var at = 0; at < payload.Length; at++)
            room[head + at] = (byte)(payload[at] ^ Key[at & 3]);
        return head + payload.Length;
    }

    public static int SizeOf(int payload) => LongestHead + payload;

    internal readonly record struct Frame(int Kind, bool IsLast, int Start, int Length)
    {
        public int End => Start + Length;
    }
}
