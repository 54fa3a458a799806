using Hypersend.Cli.Profiles;
using Hypersend.Cli.Start;
using Hypersend.Sdk.Files;

namespace Hypersend.Cli.Files.Downloads;

/// <summary>A download that was begun: what of it is here lies beside its place, this says where that is.</summary>
internal sealed record DownloadNote
{
    /// <summary>The id of the file with its server, or the address that opens it; the password of a link is not kept.</summary>
    public required string What { get; init; }

    /// <summary>Where it is to be.</summary>
    public required string Path { get; init; }

    public required string Filename { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The downloads that this machine has begun and not ended.</summary>
    public static Notes<DownloadNote> Of(Workplace place) => new(System.IO.Path.Combine(place.Profiles.Folder, "downloads"), FileNotesJson.Default.DownloadNote);

    /// <summary>Those that run, or of which something is there. Of the others nothing can be gone on with: their notes go.</summary>
    public static IReadOnlyCollection<DownloadNote> Begun(Notes<DownloadNote> notes)
    {
        var begun = new List<DownloadNote>();
        foreach (var (key, note) in notes.List())
        {
            if (PartialDownload.IsThere(note.Path))
            {
                begun.Add(note);
                continue;
            }

            using var turn = notes.Turn(key);
            if (turn is null || PartialDownload.IsThere(note.Path))
                begun.Add(note);
            else
                notes.Forget(key);
        }

        return begun;
    }

    /// <summary>The turn to fetch it.</summary>
    public static FileLock Take(Notes<DownloadNote> notes, string key, string target) =>
        notes.Turn(key) ?? throw new StopException(ExitCodes.Failed, $"{target} is being fetched by another hypersend at this moment.");
}
