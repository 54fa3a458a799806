namespace Hypersend.Load;

/// <summary>What to run, and against which build.</summary>
internal sealed record RunOptions
{
    public required string Root { get; init; }

    public required string ServerPath { get; init; }

    public required bool Write { get; init; }

    public required IReadOnlySet<string> Names { get; init; }

    public string ReadmePath => Path.Combine(Root, "bench", "README.md");

    public bool Wants(string scenario) => Names.Count == 0 || Names.Contains(scenario);

    public static RunOptions Read(string[] args)
    {
        var root = FindRoot();
        var options = new RunOptions
        {
            Root = root,
            ServerPath = args.FirstOrDefault(arg => arg.StartsWith("--server=", StringComparison.Ordinal))?["--server=".Length..]
                ?? Path.Combine(root, "artifacts", "publish", "hypersend-server"),
            Write = args.Contains("--write"),
            Names = args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToHashSet(),
        };
        if (!File.Exists(options.ServerPath))
            throw new FileNotFoundException("There is no published server at " + options.ServerPath + "; run make publish first.");
        return options;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hypersend.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("Run this inside the project: no Hypersend.slnx above " + AppContext.BaseDirectory);
    }
}
