using Hypersend.Load;

// Runs the scenarios named on the command line, or all of them, against the published build, and prints one table.
// --server=<path to hypersend-server>  --write (puts the table into bench/README.md)  start idle login me
var options = RunOptions.Read(args);
var report = new Report();
foreach (var (name, run) in Scenarios.All)
{
    if (options.Wants(name))
    {
        Console.Error.WriteLine($"-- {name}");
        await run(options, report);
    }
}

Console.Write(report.ToMarkdown());
if (options.Write)
    report.WriteInto(options.ReadmePath);
