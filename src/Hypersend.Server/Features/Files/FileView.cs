using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>A stored file as the wire shows it.</summary>
internal static class FileView
{
    public static SharedFile Card(FileRow row) => new()
    {
        Id = row.Id,
        Filename = row.Filename,
        Path = row.Path,
        Size = row.Size,
        Mime = row.Mime,
        State = row.State,
        ReceivedBytes = row.ReceivedBytes,
        Sha256Root = row.IsReady && row.Sha256Root is { } root ? Convert.ToHexStringLower(root) : null,
        Width = row.Width,
        Height = row.Height,
        Duration = row.DurationMs / 1000.0,
        ThumbnailUrl = row.Thumbnail is { } name && row.EndedAt is null ? $"/api/v1/files/{row.Id}/thumbnail?v={name.AsSpan(0, ThumbnailMark)}" : null,
        Retention = new Retention { Mode = row.RetentionMode, At = row.RetentionMode == RetentionModes.Until ? row.RetentionAt : null, Count = row.RetentionCount },
        ExpiresAt = row.IsUploading ? row.ExpiresAt : row.RetentionAt,
        OwnerId = row.OwnerId,
        CreatedAt = row.CreatedAt,
    };

    public static string DownloadUrl(FileId id) => $"/api/v1/files/{id}/download";

    // As much of its hash as the address of an avatar has.
    private const int ThumbnailMark = 16;
}
