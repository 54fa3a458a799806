using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hypersend.Server.Features.Files;

/// <summary>Several ranges in one answer: the exact length and the text around each part, known before the first byte.</summary>
internal sealed class MultipartRanges
{
    private readonly byte[][] _heads;

    /// <param name="ranges">The parts, in their order.</param>
    /// <param name="mime">The type of each part.</param>
    /// <param name="size">The size of the whole; null while it is not known.</param>
    /// <param name="boundary">A text that is in none of the parts.</param>
    public MultipartRanges(IReadOnlyList<ByteRange> ranges, string mime, long? size, string boundary)
    {
        Ranges = ranges;
        ContentType = $"multipart/byteranges; boundary={boundary}";
        _heads = [.. ranges.Select((range, index) =>
            Encoding.ASCII.GetBytes($"{(index == 0 ? "" : "\r\n")}--{boundary}\r\nContent-Type: {mime}\r\nContent-Range: {range.Header(size)}\r\n\r\n"))];
        Tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        ContentLength = checked(_heads.Sum(head => head.Length) + ranges.Sum(range => range.Length) + Tail.Length);
    }

    public IReadOnlyList<ByteRange> Ranges { get; }

    public string ContentType { get; }

    public long ContentLength { get; }

    /// <summary>What follows the last part.</summary>
    public ReadOnlyMemory<byte> Tail { get; }

    /// <summary>What comes before the bytes of a part.</summary>
    public ReadOnlyMemory<byte> Head(int part) => _heads[part];

    /// <summary>A boundary that nobody can put into a file in advance.</summary>
    public static string NewBoundary() => string.Create(CultureInfo.InvariantCulture, $"hs{RandomNumberGenerator.GetHexString(32, lowercase: true)}");
}
