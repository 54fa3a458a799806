namespace Hypersend.Sdk.Files;

/// <summary>How far a file on its way is.</summary>
public sealed record FileProgress
{
    /// <summary>What the other side has, and what is on its way there at this moment.</summary>
    public required long Bytes { get; init; }

    /// <summary>Null while nobody knows.</summary>
    public required long? TotalBytes { get; init; }

    /// <summary>Chunks that are there to the last byte.</summary>
    public required int Chunks { get; init; }

    /// <summary>Null while nobody knows.</summary>
    public required int? TotalChunks { get; init; }

    /// <summary>Over the last seconds.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>How many chunks may be on their way at once at this moment; null where that is not of one's own choice.</summary>
    public int? Lanes { get; init; }

    /// <summary>At this speed; null while that cannot be told.</summary>
    public required TimeSpan? TimeLeft { get; init; }
}
