using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Files;

public static class FileStates
{
    public const string Uploading = "uploading";
    public const string Ready = "ready";

    /// <summary>The upload was given up.</summary>
    public const string Failed = "failed";

    /// <summary>Its time was over, as an upload or as a file.</summary>
    public const string Expired = "expired";

    /// <summary>Its owner deleted it.</summary>
    public const string Removed = "removed";
}

/// <summary>A file as messages show it: the same for everybody who sees it.</summary>
public sealed record SharedFile
{
    public required FileId Id { get; init; }

    public required string Filename { get; init; }

    /// <summary>Where it lay in the folder that it was sent with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    /// <summary>Null while it is not known yet.</summary>
    public required long? Size { get; init; }

    public required string Mime { get; init; }

    [OneOf(FileStates.Uploading, FileStates.Ready, FileStates.Failed, FileStates.Expired, FileStates.Removed)]
    public required string State { get; init; }

    public required long ReceivedBytes { get; init; }

    /// <summary>SHA-256 over the SHA-256 digests of its chunks, in order; null until it is ready.</summary>
    public required string? Sha256Root { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Width { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Height { get; init; }

    /// <summary>In seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Duration { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ThumbnailUrl { get; init; }

    public required Retention Retention { get; init; }

    /// <summary>When the upload is given up, or when the file goes; null when it stays.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    public required UserId OwnerId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public static class RetentionModes
{
    public const string Keep = "keep";
    public const string Until = "until";
    public const string Downloads = "downloads";
    public const string AfterDelivery = "after_delivery";
}

/// <summary>How long the server keeps a file.</summary>
public sealed record Retention
{
    [Needed]
    [OneOf(RetentionModes.Keep, RetentionModes.Until, RetentionModes.Downloads, RetentionModes.AfterDelivery)]
    public string? Mode { get; init; }

    /// <summary>With <c>until</c>: when it goes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }

    /// <summary>With <c>downloads</c>: how many people or visitors may fetch it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Count { get; init; }
}
