namespace Hypersend.Cli.Files.Progress;

/// <summary>A line of <c>--json</c> about a file on its way.</summary>
internal sealed record FileEvent
{
    /// <summary><c>begun</c>, <c>progress</c>, <c>waiting</c>, then <c>done</c>; of several files also <c>skipped</c> or <c>failed</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The file on this machine.</summary>
    public string? Path { get; init; }

    public string? FileId { get; init; }

    public string? TransferId { get; init; }

    public string? Filename { get; init; }

    /// <summary>Where it lies in the folder that was sent.</summary>
    public string? FolderPath { get; init; }

    public long? Size { get; init; }

    public long? Bytes { get; init; }

    public long? BytesPerSecond { get; init; }

    /// <summary>How many pieces may be on their way at once.</summary>
    public int? Lanes { get; init; }

    public long? SecondsLeft { get; init; }

    public string? Sha256Root { get; init; }

    /// <summary>Every byte was checked.</summary>
    public bool? Verified { get; init; }

    /// <summary>Of a direct transfer that nobody in between could read: the same on both sides.</summary>
    public string? Fingerprint { get; init; }

    public string? Detail { get; init; }
}
