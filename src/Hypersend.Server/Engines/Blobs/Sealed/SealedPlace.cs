using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>
/// Where the frames of a part lie in what is stored: a function of the part alone, so that any byte is found without a look
/// at anything. Before the frames of each part there is room for two more, in turns the end of one that is not whole yet.
/// </summary>
internal static class SealedPlace
{
    /// <summary>How many rests have room before a part.</summary>
    public const int Rests = 2;

    public static int FramesOf(int length) => (length + Frame.Content - 1) / Frame.Content;

    public static int LengthOf(int length) => length + (FramesOf(length) * Frame.Extra);

    /// <summary>Parts may begin and end anywhere: what goes before one has at most a short frame for each part.</summary>
    public static BlobPlace Of(BlobPlace part) => part with { Offset = OffsetOf(part), Length = LengthOf(part.Length) };

    /// <summary>Room for a frame that is not full yet. The one that counts stays until the next is written down.</summary>
    public static BlobPlace RestOf(BlobPlace part, int which) =>
        part with { Offset = OffsetOf(part) - ((Rests - which) * (long)Frame.Length), Length = Frame.Length, Name = null };

    private static long OffsetOf(BlobPlace part) =>
        part.Offset + (((part.Offset / Frame.Content) + part.Index) * Frame.Extra) + ((part.Index + 1L) * Rests * Frame.Length);
}
