using System.Buffers.Binary;

namespace Hypersend.Server.Features.Backups;

/// <summary>
/// The form of a sealed piece: 32 bytes of chance, then frames of 1 MiB, each followed by its tag. The nonce of a frame is its number,
/// and whether it is the last one: nothing can be taken away, added or moved unseen.
/// </summary>
internal static class SealedFrames
{
    public const int SaltBytes = 32;
    public const int TagBytes = 16;
    public const int FrameBytes = 1 << 20;
    public const int NonceBytes = 12;

    public static long LengthOf(long plain) => SaltBytes + plain + (Math.Max(1, (plain + FrameBytes - 1) / FrameBytes) * TagBytes);

    public static void Nonce(Span<byte> nonce, long number, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], number);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}
