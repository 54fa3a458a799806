namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>A few thousand bytes of a segment: the row in which they are kept.</summary>
internal readonly record struct Block(long Id, byte[] Bytes)
{
    public const int Terms = 0;
    public const int Docs = 1;
    public const int TermMap = 2;
    public const int DocMap = 3;

    // One page of SQLite, half a page of PostgreSQL.
    public const int Most = 3_840;

    private const int KindBits = 28;
    private const int SegmentBits = 32;

    public int Kind => (int)((Id >> KindBits) & 3);

    /// <summary>All blocks of a segment lie side by side, those of a kind as well.</summary>
    public static long IdOf(long segment, int kind, int number) => (segment << SegmentBits) | ((long)kind << KindBits) | (uint)number;

    public static long EndOf(long segment) => (segment + 1) << SegmentBits;
}
