namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>A message of a segment. They stand in the order of time, and of their keys where the time is the same.</summary>
internal readonly record struct Doc(long At, long Key) : IComparable<Doc>
{
    public int CompareTo(Doc other) => At != other.At ? At.CompareTo(other.At) : Key.CompareTo(other.Key);
}
