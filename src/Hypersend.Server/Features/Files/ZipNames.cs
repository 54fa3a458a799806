namespace Hypersend.Server.Features.Files;

/// <summary>Gives every entry of a ZIP a path of its own, on systems that tell case apart and on those that do not.</summary>
internal static class ZipNames
{
    private const string Nameless = "file";

    public static string[] Of(IReadOnlyList<ZipEntry> entries)
    {
        var names = new string[entries.Count];
        // A file cannot have the name of a folder that other files are in.
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var at = 0; at < names.Length; at++)
        {
            // Cleaned when they came in; cleaned again, because a path that leaves its folder writes wherever it likes.
            names[at] = FileNames.CleanPath(entries[at].Name) is { Length: > 0 } path ? path : FileNames.Clean(entries[at].Name) ?? Nameless;
            for (var slash = names[at].IndexOf('/', StringComparison.Ordinal); slash > 0; slash = names[at].IndexOf('/', slash + 1))
                taken.Add(names[at][..slash]);
        }
        var numbers = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var at = 0; at < names.Length; at++)
            names[at] = Own(names[at], taken, numbers);
        return names;
    }

    private static string Own(string path, HashSet<string> taken, Dictionary<string, int> numbers)
    {
        if (taken.Add(path))
            return path;
        var folder = path[..(path.LastIndexOf('/') + 1)];
        var name = path[folder.Length..];
        // The numbers go on where they ended, so that a thousand files of one name are not a million questions.
        var number = numbers.GetValueOrDefault(path, 1);
        string numbered;
        do
            numbered = folder + FileNames.Numbered(name, ++number);
        while (!taken.Add(numbered));
        numbers[path] = number;
        return numbered;
    }
}
