namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>
/// Some messages and the lists of their terms, written once and never changed. What is newer has the higher <see cref="Place"/>:
/// of a message that is in several segments, the one of the highest place is how it is now.
/// </summary>
internal sealed record Segment
{
    public const int Building = 0;
    public const int Live = 1;
    public const int Dead = 2;

    public long Id { get; init; }

    public long Place { get; init; }

    public int Docs { get; init; }

    public long FirstAt { get; init; }

    public long LastAt { get; init; }
}
