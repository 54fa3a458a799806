namespace Hypersend.ServerTests.Faults.PowerLoss;

/// <summary>Everything a server asked of its disk, in the order in which the disk said it was done. Files are named by their paths below the folder.</summary>
internal sealed class DiskLog(string root)
{
    private readonly List<DiskStep> _steps = [];

    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The moment after everything so far.</summary>
    public int Now
    {
        get
        {
            lock (_steps)
                return _steps.Count;
        }
    }

    public void Add(DiskStep step)
    {
        lock (_steps)
            _steps.Add(step);
    }

    /// <summary>What happened before a moment.</summary>
    public IReadOnlyList<DiskStep> Until(int moment)
    {
        lock (_steps)
            return _steps.GetRange(0, moment);
    }

    /// <summary>How often such a thing has happened.</summary>
    public int Count(Func<DiskStep, bool> isIt)
    {
        lock (_steps)
            return _steps.Count(isIt);
    }

    /// <summary>The same log as of a server that never asked for this.</summary>
    public DiskLog Without(Func<DiskStep, bool> isIt)
    {
        var other = new DiskLog(Root);
        foreach (var step in Until(Now))
            other.Add(isIt(step) ? new Nothing(step.File) : step);
        return other;
    }

    public string NameOf(string path) => Path.GetRelativePath(Root, path);
}

internal abstract record DiskStep(string File);

internal sealed record Written(string File, long Offset, byte[] Bytes) : DiskStep(File);

internal sealed record Resized(string File, long Size) : DiskStep(File);

/// <summary>What had been done to the file before this flush began is on the disk.</summary>
internal sealed record Flushed(string File, int Began) : DiskStep(File);

/// <summary>The names that were in the folder when this flush began are on the disk.</summary>
internal sealed record NamesFlushed(string File, IReadOnlySet<string> Names) : DiskStep(File);

internal sealed record Removed(string File) : DiskStep(File);

internal sealed record Nothing(string File) : DiskStep(File);
