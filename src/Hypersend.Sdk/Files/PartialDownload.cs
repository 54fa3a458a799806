using System.Globalization;

namespace Hypersend.Sdk.Files;

/// <summary>What an earlier run left of a download, beside the place where it is to be.</summary>
public sealed record PartialDownload
{
    private const int HeadWords = 5;

    private readonly string _path;

    private PartialDownload(string path) => _path = path;

    /// <summary>How much of it is there, to the chunk.</summary>
    public required long Bytes { get; init; }

    /// <summary>Null while nobody knows.</summary>
    public required long? Size { get; init; }

    /// <summary>What is left of the download to this path; null when there is nothing.</summary>
    public static PartialDownload? Find(string path)
    {
        string[] lines;
        try
        {
            using var notes = new StreamReader(new FileStream(DownloadPlace.NotesOf(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            lines = notes.ReadToEnd().Split('\n');
        }
        catch (IOException)
        {
            // There is none, or a run has it and nobody else may look.
            return null;
        }

        var head = lines[0].Split(' ');
        if (head.Length != HeadWords || !int.TryParse(head[3], NumberStyles.None, CultureInfo.InvariantCulture, out var chunk))
            return null;
        long? size = long.TryParse(head[4], NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told : null;
        return new PartialDownload(path) { Bytes = Math.Min(size ?? long.MaxValue, (lines.Length - 2L) * chunk), Size = size };
    }

    /// <summary>Whether an earlier run left something to go on with, or one has it open.</summary>
    public static bool IsThere(string path) => File.Exists(DownloadPlace.PartOf(path)) && File.Exists(DownloadPlace.NotesOf(path));

    /// <summary>Takes it away.</summary>
    public void Delete()
    {
        File.Delete(DownloadPlace.PartOf(_path));
        File.Delete(DownloadPlace.NotesOf(_path));
    }
}
