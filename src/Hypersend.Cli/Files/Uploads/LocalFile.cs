using Hypersend.Cli.Start;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>A file to send, and where it lies in the folder that is sent with it.</summary>
internal sealed record LocalFile(string FullPath, string Name, string? FolderPath)
{
    /// <summary>What the words of a command line mean, folders with everything in them; the first that is not there ends it.</summary>
    /// <param name="words">Files and folders.</param>
    /// <param name="complain">Told of what is no file, as links to folders.</param>
    /// <param name="miss">Told of what ought to be sent and cannot be.</param>
    /// <param name="cancellation">Ends the walk.</param>
    public static IReadOnlyList<LocalFile> Of(IEnumerable<string> words, Action<string> complain, Action<string> miss, CancellationToken cancellation) =>
        [.. words.SelectMany(word => Of(word, complain, miss, cancellation))];

    /// <summary>Elsewhere it would divide folders, and the file would arrive under another name.</summary>
    public static string Sent(string name) => name.Replace('\\', '_');

    /// <summary>Whether the name is text; what is not is shown with this mark in it, and found by nobody under that.</summary>
    public static bool IsText(string name) => !name.Contains('\ufffd', StringComparison.Ordinal);

    private static IEnumerable<LocalFile> Of(string word, Action<string> complain, Action<string> miss, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(word);
        if (!Directory.Exists(path))
            return File.Exists(path) ? [new LocalFile(path, Sent(Path.GetFileName(path)), null)] : throw new StopException(ExitCodes.NotThere, $"There is no file {word}: check the name.");
        var folder = Path.TrimEndingDirectorySeparator(path);
        return Below(folder, Sent(Path.GetFileName(folder)), complain, miss, cancellation);
    }

    private static IEnumerable<LocalFile> Below(string folder, string shownAs, Action<string> complain, Action<string> miss, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        IReadOnlyList<FileSystemInfo> entries;
        try
        {
            entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            miss($"{folder} may not be read and is left out.");
            yield break;
        }

        foreach (var entry in entries)
        {
            var name = $"{shownAs}/{Sent(entry.Name)}";
            if (!IsText(entry.Name))
            {
                miss($"{entry.FullName} has a name that is no UTF-8 and is left out: rename it.");
                continue;
            }

            // A link to a folder may lead back to where it lies.
            if (entry is DirectoryInfo && entry.LinkTarget is not null)
                complain($"{entry.FullName} is a link to a folder and is left out.");
            else if (entry is DirectoryInfo)
                foreach (var file in Below(entry.FullName, name, complain, miss, cancellation))
                    yield return file;
            else if (FileIdentity.Find(entry.FullName) is { IsRegular: true })
                yield return new LocalFile(entry.FullName, Sent(entry.Name), name);
            else
                complain($"{entry.FullName} is no file, or a link to one that is gone, and is left out.");
        }
    }
}
