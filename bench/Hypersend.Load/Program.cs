using Hypersend.Load;

// Runs the scenarios named on the command line, or all of them, against the published build, and prints their tables.
// --server=<path to hypersend-server>  --postgres=<postgres://...>  --cli=<path to hypersend>  --size=<GiB, of the scenario cli>  --rounds=<n>  --quick (does it work?)
// --write (puts the tables into bench/README.md, which says what each scenario does)
var options = RunOptions.Read(args);
var report = new Report();
foreach (var (name, run) in Scenarios.All)
{
    if (options.Wants(name))
    {
        Console.Error.WriteLine($"-- {name}");
        report.Begin(name);
        await run(options, report);
    }
}

Console.Write(report.ToMarkdown());
if (options.Write)
    report.WriteInto(options.ReadmePath);
