using System.Globalization;
using Hypersend.Load.History;

namespace Hypersend.Load;

/// <summary>What to run, how often, and against which build.</summary>
internal sealed record RunOptions
{
    private const int UsualRounds = 5;
    private const int QuickRounds = 2;

    public required string Root { get; init; }

    public required string ServerPath { get; init; }

    /// <summary>The published command line.</summary>
    public required string CliPath { get; init; }

    /// <summary>How large the file of the scenario cli is, in bytes; null for its own size.</summary>
    public required long? Size { get; init; }

    public required bool Write { get; init; }

    /// <summary>Small and short, to see that a scenario works; the figures mean nothing.</summary>
    public required bool Quick { get; init; }

    public required int Rounds { get; init; }

    /// <summary>postgres://… of a server where databases may be made; null leaves PostgreSQL out.</summary>
    public required string? Postgres { get; init; }

    /// <summary>How many messages there are to read and to search: --messages=1000000, else ten million.</summary>
    public required HistorySize HistorySize { get; init; }

    public required IReadOnlySet<string> Names { get; init; }

    public string ReadmePath => Path.Combine(Root, "bench", "README.md");

    public bool Wants(string scenario) => Names.Count == 0 || Names.Contains(scenario);

    /// <summary>How long something is measured that usually takes so many seconds.</summary>
    public TimeSpan Length(double seconds) => TimeSpan.FromSeconds(Quick ? seconds / 5 : seconds);

    public static RunOptions Read(string[] args)
    {
        var root = FindRoot();
        var quick = args.Contains("--quick");
        var options = new RunOptions
        {
            Root = root,
            ServerPath = Path.GetFullPath(Value(args, "--server=") ?? Path.Combine(root, "artifacts", "publish", "hypersend-server")),
            CliPath = Path.GetFullPath(Value(args, "--cli=") ?? Path.Combine(root, "artifacts", "cli", "hypersend")),
            Size = Value(args, "--size=") is { } size ? (long)(double.Parse(size, CultureInfo.InvariantCulture) * (1L << 30)) : null,
            Write = args.Contains("--write"),
            Quick = quick,
            Rounds = Value(args, "--rounds=") is { } rounds ? int.Parse(rounds, CultureInfo.InvariantCulture) : quick ? QuickRounds : UsualRounds,
            Postgres = Value(args, "--postgres=") ?? Environment.GetEnvironmentVariable("HYPERSEND_BENCH_POSTGRES"),
            HistorySize = Value(args, "--messages=") is { } messages
                ? HistorySize.Of(int.Parse(messages, CultureInfo.InvariantCulture))
                : quick ? HistorySize.Small : HistorySize.Usual,
            Names = args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToHashSet(),
        };
        if (options.Names.Except(Scenarios.All.Select(scenario => scenario.Name)).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no scenario {unknown}; there are {string.Join(", ", Scenarios.All.Select(scenario => scenario.Name))}.");
        if (options is { Write: true, Quick: true })
            throw new ArgumentException("Quick figures are not written down: leave out --quick or --write.");
        if (!File.Exists(options.ServerPath))
            throw new FileNotFoundException("There is no published server at " + options.ServerPath + "; run make publish first.");
        return options;
    }

    private static string? Value(string[] args, string name) =>
        args.FirstOrDefault(arg => arg.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

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
