using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>A few hundred messages of a segment, in their order.</summary>
internal static class DocBlock
{
    /// <summary>How many there were.</summary>
    public static int Decode(ReadOnlySpan<byte> bytes, Span<Doc> docs)
    {
        var (at, count, time) = (0, 0, 0L);
        while (at < bytes.Length)
        {
            time += (long)Varint.Read(bytes, ref at);
            var chat = (long)Varint.Read(bytes, ref at);
            docs[count++] = new Doc(time, MessageKey.Of(chat, (long)Varint.Read(bytes, ref at)));
        }

        return count;
    }
}
