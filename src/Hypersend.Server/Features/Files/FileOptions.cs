using System.Numerics;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Files;

/// <summary>How large, how long, of which kinds.</summary>
internal sealed record FileOptions
{
    public const int MaxParallel = 4;

    public required long MaxFileSize { get; init; }

    public required int ChunkSize { get; init; }

    public required TimeSpan UploadLife { get; init; }

    /// <summary>What stays free on the disk, for the database and everybody's messages.</summary>
    public required long FreeSpaceFloor { get; init; }

    /// <summary>Empty when every type may come.</summary>
    public required IReadOnlyList<string> AllowedTypes { get; init; }

    /// <summary>Whether files that get much smaller are kept a second time, packed.</summary>
    public bool PackFiles { get; init; } = true;

    /// <summary>The place at the web server in front from which it sends files itself; null when we send them.</summary>
    public string? AccelRedirect { get; init; }

    public static FileOptions From(SettingsReader settings)
    {
        var chunk = settings.Whole("CHUNK_SIZE", ChunkGrid.UsualChunk, ChunkGrid.SmallestChunk, ChunkGrid.LargestChunk, "bytes");
        if (!BitOperations.IsPow2(chunk))
            settings.Refuse("CHUNK_SIZE", chunk.ToString(System.Globalization.CultureInfo.InvariantCulture), "a power of two from 1 MiB to 64 MiB", "8388608");
        return new FileOptions
        {
            MaxFileSize = settings.Long("MAX_FILE_SIZE", 40L << 30, 1, ChunkGrid.MaxSize, "bytes"),
            ChunkSize = chunk,
            UploadLife = TimeSpan.FromHours(settings.Whole("UPLOAD_SESSION_HOURS", 480, 1, 24 * 365, "hours")),
            FreeSpaceFloor = settings.Long("FREE_SPACE_FLOOR", 512L << 20, 0, long.MaxValue, "bytes"),
            AllowedTypes = settings.List("ALLOWED_MIME_TYPES"),
            PackFiles = settings.Switch("COMPRESS_FILES", unset: true),
            AccelRedirect = ReadAccelRedirect(settings),
        };
    }

    private static string? ReadAccelRedirect(SettingsReader settings)
    {
        if (settings.Text("ACCEL_REDIRECT") is not { } text)
            return null;
        if (text.StartsWith('/') && text.Length > 1)
            return text.TrimEnd('/');
        settings.Refuse("ACCEL_REDIRECT", text, "the path of an internal location of the web server in front", "/protected");
        return null;
    }
}
