namespace Hypersend.Cli.Files.Watching;

/// <summary>Files that were seen and have to stay as they are for a while before they are sent. Pure: time and files come in from outside.</summary>
internal sealed class Ripening(TimeSpan quiet)
{
    private readonly Dictionary<string, (FileIdentity Identity, DateTimeOffset Due)> _files = new(StringComparer.Ordinal);

    public int Count => _files.Count;

    /// <summary>When the next one is due; null when there is none.</summary>
    public DateTimeOffset? Next => _files.Count == 0 ? null : _files.Values.Min(file => file.Due);

    /// <summary>Seen: it ripens from now on, unless it does already and has not changed.</summary>
    public void See(string path, FileIdentity identity, DateTimeOffset now)
    {
        if (!_files.TryGetValue(path, out var known) || known.Identity != identity)
            _files[path] = (identity, now + quiet);
    }

    /// <summary>Not now: later, as it is.</summary>
    public void Postpone(string path, FileIdentity identity, DateTimeOffset due) => _files[path] = (identity, due);

    /// <summary>One that is due and still as it was; others that are due are forgotten or begin anew.</summary>
    public (string Path, FileIdentity Identity)? Take(DateTimeOffset now, Func<string, FileIdentity?> look)
    {
        foreach (var (path, (identity, due)) in _files.OrderBy(file => file.Value.Due).ThenBy(file => file.Key, StringComparer.Ordinal).ToList())
        {
            if (due > now)
                return null;
            _files.Remove(path);
            if (look(path) is not { IsRegular: true } found)
                continue;
            if (found == identity)
                return (path, identity);
            See(path, found, now);
        }

        return null;
    }
}
