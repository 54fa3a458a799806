using Hypersend.Cli.Start;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>The uploads that this machine has begun and not ended.</summary>
internal static class UploadNotes
{
    public static Notes<UploadNote> Of(Workplace place) => new(Path.Combine(place.Profiles.Folder, "uploads"), FileNotesJson.Default.UploadNote);
}
