using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>A file as it is stored.</summary>
internal sealed record FileRow
{
    /// <summary>A state of the table only: its place is being made, and nobody was told of it.</summary>
    public const string Creating = "creating";

    /// <summary>A state of the table only: a part whose bytes belong to another file now.</summary>
    public const string Used = "used";

    public long No { get; init; }

    public FileId Id { get; init; }

    /// <summary>Whose bytes these are: another file's when this one was sent a second time; null for its own.</summary>
    public long? BytesNo { get; init; }

    /// <summary>Under which id the bytes are kept.</summary>
    public FileId BytesId { get; init; }

    public UserId OwnerId { get; init; }

    public string State { get; init; } = "";

    /// <summary>One of <see cref="FileRoles"/>; null for what came in chunks.</summary>
    public string? Role { get; init; }

    /// <summary>What kind of message shows it.</summary>
    public string Kind { get; init; } = "";

    public string Filename { get; init; } = "";

    public string? Path { get; init; }

    public string Mime { get; init; } = "";

    public long? Size { get; init; }

    public int ChunkSize { get; init; }

    public long ReceivedBytes { get; init; }

    public int ReceivedChunks { get; init; }

    /// <summary>What it counts for in the books of its owner.</summary>
    public long Reserved { get; init; }

    public byte[]? Sha256Root { get; init; }

    public long? Crc32 { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public long? DurationMs { get; init; }

    /// <summary>The name of the small picture beside it: a hash and an ending.</summary>
    public string? Thumbnail { get; init; }

    /// <summary>One of <see cref="Packing.PackingStates"/>, of the file whose bytes these are; null where nobody would pack it.</summary>
    public string? Packing { get; init; }

    public string RetentionMode { get; init; } = "";

    public DateTimeOffset? RetentionAt { get; init; }

    public int? RetentionCount { get; init; }

    public int Downloads { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset TouchedAt { get; init; }

    /// <summary>When the upload is given up.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? ReadyAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? SweptAt { get; init; }

    /// <summary>The role of the file whose bytes these are.</summary>
    public string? BytesRole { get; init; }

    /// <summary>Its bytes lie in the places of several others.</summary>
    public bool IsJoined => BytesRole == FileRoles.Joined;

    public bool IsUploading => State == FileStates.Uploading;

    public bool IsReady => State == FileStates.Ready;
}

/// <summary>What is special about a file.</summary>
internal static class FileRoles
{
    /// <summary>It comes by tus, from the first byte to the last.</summary>
    public const string Stream = "stream";

    /// <summary>One of several that will be one file. Nobody is shown it.</summary>
    public const string Part = "part";

    /// <summary>Made of parts, in whose places its bytes lie.</summary>
    public const string Joined = "joined";
}

/// <summary>A chunk that is durable.</summary>
internal sealed record ChunkRow
{
    public int Chunk { get; init; }

    public int Length { get; init; }

    public byte[] Sha256 { get; init; } = [];

    public long Crc32 { get; init; }

    /// <summary>Under which name the store has it; null when that follows from its number.</summary>
    public string? Name { get; init; }

    /// <summary>By which lease it was written: without that one it does not count. Null where none is needed.</summary>
    public Guid? Lease { get; init; }
}
