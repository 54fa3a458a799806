namespace Hypersend.Cli.Files.Status;

/// <summary>Something that was begun on this machine and is not ended.</summary>
internal sealed record TransferState
{
    /// <summary>By this it is named to <c>--forget</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>upload</c>, <c>download</c> or <c>offer</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>running</c> in another process, <c>paused</c>, <c>gone</c> from the server, or <c>changed</c>: the file is not that one any more.</summary>
    public required string State { get; init; }

    public required string Path { get; init; }

    public string? To { get; init; }

    public long? Bytes { get; init; }

    public long? Size { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public string? FileId { get; init; }
}
