using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;

namespace Hypersend.Cli.Files.Downloads;

/// <summary>Where a download is to lie, and whether it may replace what is there.</summary>
internal sealed record Landing(string Target, bool Replaces)
{
    private const int MostNumbers = 10_000;

    /// <summary>Of a name that the server gave, or of a place that was named.</summary>
    /// <param name="place">Who asks when there is something already.</param>
    /// <param name="output">A folder, a file, or nothing.</param>
    /// <param name="served">The name that the server gives it.</param>
    /// <param name="force">Whether what is there may go.</param>
    /// <param name="begun">What was begun and not ended: the same thing goes on where it was, others keep their places.</param>
    /// <param name="what">What is fetched.</param>
    public static Landing Choose(Workplace place, string? output, string served, bool force, IReadOnlyCollection<DownloadNote> begun, string what)
    {
        var isFolder = output is null || Directory.Exists(output) || output.EndsWith(Path.DirectorySeparatorChar);
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(isFolder ? output ?? "." : Path.GetDirectoryName(Path.GetFullPath(output!))!));
        if (!Directory.Exists(folder))
            throw new StopException(ExitCodes.NotThere, $"There is no folder {folder}: make it first, or name another place with -o.");
        var path = isFolder ? Path.Combine(folder, SafeNames.Of(served)) : Path.GetFullPath(output!);
        if (begun.FirstOrDefault(note => note.What == what && (isFolder ? Path.GetDirectoryName(note.Path) == folder : note.Path == path)) is { } earlier && (force || !File.Exists(earlier.Path)))
            return new Landing(earlier.Path, force);
        if (IsFree(path, begun))
            return new Landing(path, false);
        if (force && !begun.Any(note => note.Path == path))
            return new Landing(path, true);
        if (force && !isFolder)
            throw new StopException(ExitCodes.Failed, $"Another download to {path} was begun and not ended: \"hypersend status\" lists it, and --forget gives it up.");
        return Other(place, path, isFolder, begun);
    }

    private static Landing Other(Workplace place, string path, bool isFolder, IReadOnlyCollection<DownloadNote> begun)
    {
        var name = Path.GetFileName(path);
        if (place.Around is { InputIsTerminal: true, ErrorIsTerminal: true } && File.Exists(path))
        {
            var answer = place.Around.Ask($"There is a file {PlainText.OneLine(name)} already. Replace it? [y/N: the new one gets a number] ");
            if (answer is "y" or "Y" or "yes")
                return new Landing(path, true);
        }
        else if (!isFolder)
        {
            throw new StopException(ExitCodes.Failed, $"There is a file {path} already, or on its way: use --force to replace it, or name another with -o.");
        }

        var folder = Path.GetDirectoryName(path)!;
        for (var number = 1; number < MostNumbers; number++)
        {
            if (Path.Combine(folder, SafeNames.Numbered(name, number)) is var numbered && IsFree(numbered, begun))
                return new Landing(numbered, false);
        }

        throw new StopException(ExitCodes.Failed, $"{folder} is full of files with the name {name}: name another place with -o.");
    }

    private static bool IsFree(string path, IReadOnlyCollection<DownloadNote> begun) => !Path.Exists(path) && !begun.Any(note => note.Path == path);
}
