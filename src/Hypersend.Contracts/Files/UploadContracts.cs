using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Files;

public sealed record InitUploadRequest
{
    /// <summary>Cleaned, and cut to 255 bytes; its extension stays.</summary>
    [Needed]
    [Text(1, 32_768)]
    public string? Filename { get; init; }

    /// <summary>In bytes; null when it is not known before the last chunk.</summary>
    [Range(0, long.MaxValue, ErrorMessage = "must be 0 or more bytes")]
    public long? Size { get; init; }

    /// <summary>Where it lies in the folder that is being sent.</summary>
    [Text(1, 4096)]
    public string? Path { get; init; }

    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1000000 pixels")]
    public int? Width { get; init; }

    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1000000 pixels")]
    public int? Height { get; init; }

    /// <summary>In seconds.</summary>
    [Range(0.0, 31_536_000.0, ErrorMessage = "must be 0 seconds to a year")]
    public double? Duration { get; init; }

    /// <summary>What it is said to be; the first bytes have the last word.</summary>
    [Text(1, 255)]
    public string? Mime { get; init; }

    /// <summary>A recording of somebody's voice: its message is of the type <c>voice</c>.</summary>
    public bool? Voice { get; init; }

    /// <summary>Send it there: the message exists at once.</summary>
    public ChatId? ChatId { get; init; }

    /// <summary>A power of two from 1 to 64 MiB.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>Of a file that I have here already: then nothing needs to be sent.</summary>
    [RegularExpression("^[0-9a-fA-F]{64}$", ErrorMessage = "must be 64 hexadecimal digits")]
    public string? Sha256Root { get; init; }

    public Retention? Retention { get; init; }

    /// <summary>Chosen by the client: asked again with the same one, the first upload is the answer.</summary>
    [Text(1, 100)]
    public string? ClientId { get; init; }

    /// <summary>What the message says besides.</summary>
    [Text(0, SendMessageRequest.MaxContent)]
    public string? Caption { get; init; }

    public MessageId? ReplyTo { get; init; }

    public MessageId? Thread { get; init; }
}

public record Upload
{
    public required FileId UploadId { get; init; }

    public required FileId FileId { get; init; }

    /// <summary>A bearer token for the calls of this upload and nothing else.</summary>
    public required string UploadToken { get; init; }

    public required int ChunkSize { get; init; }

    /// <summary>Null while the size is not known.</summary>
    public required int? TotalChunks { get; init; }

    /// <summary>How many chunks it pays to send beside each other.</summary>
    public required int MaxParallel { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The chunks that are here: inclusive ranges.</summary>
    public required IReadOnlyList<int[]> Received { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Message? Message { get; init; }
}

public sealed record ChunkReceived
{
    public required int ChunkIndex { get; init; }

    public required long ReceivedBytes { get; init; }

    public required int ReceivedChunks { get; init; }
}

public sealed record UploadStatus
{
    [OneOf(FileStates.Uploading, FileStates.Ready)]
    public required string State { get; init; }

    public required IReadOnlyList<int[]> Received { get; init; }

    public required long ReceivedBytes { get; init; }

    public required long? Size { get; init; }

    public required int ChunkSize { get; init; }

    public required int? TotalChunks { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>A new one; only for who signed in, not for who came with the old one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UploadToken { get; init; }
}

public sealed record CompleteUploadRequest
{
    /// <summary>What the client computed; the upload is complete only if it is the same here.</summary>
    [RegularExpression("^[0-9a-fA-F]{64}$", ErrorMessage = "must be 64 hexadecimal digits")]
    public string? Sha256Root { get; init; }
}

public sealed record CompletedUpload
{
    public required FileId FileId { get; init; }

    public required string Filename { get; init; }

    public required long Size { get; init; }

    public required string Mime { get; init; }

    public required string Sha256Root { get; init; }

    [OneOf("completed")]
    public required string Status { get; init; }

    public required string DownloadUrl { get; init; }
}

public sealed record FileUsage
{
    public required long UsedBytes { get; init; }

    /// <summary>0 when there is no limit.</summary>
    public required long QuotaBytes { get; init; }

    public required int Files { get; init; }
}

/// <summary>What a client needs to check every part of a file by itself.</summary>
public sealed record FileDigests
{
    public required int ChunkSize { get; init; }

    /// <summary>
    /// Of each chunk, in hexadecimal digits and at the place of its number. While the file is coming: null for a chunk that is
    /// missing before one that is here.
    /// </summary>
    public required IReadOnlyList<string?> Sha256 { get; init; }
}
