using System.CommandLine;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts;

namespace Hypersend.Cli.Admin;

/// <summary>The newest lines of the log of the node that answers.</summary>
internal sealed class LogsCommand : Verb
{
    private readonly Option<string?> _level = new("--level") { Description = "Only lines at least as grave.", HelpName = "LEVEL" };

    private readonly Option<int?> _limit = new("--limit") { Description = "How many lines.", HelpName = "COUNT" };

    public LogsCommand(Workplace place)
        : base(place, "logs", "Show the newest lines of the server's log.")
    {
        Add(_level.AcceptOnlyFromAmong("information", "warning", "error", "critical"));
        Add(_limit);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var logs = await signedIn.Client.Admin.GetLogsAsync(line.GetValue(_level), line.GetValue(_limit), cancellation);
        if (WantsJson(line))
        {
            Screen.Json(logs, HypersendJson.Wire.DebugLogs);
            return;
        }

        foreach (var entry in logs.Items)
            Screen.Line($"{Shown.Time(entry.At, Place.Around.Clock)} {entry.Level} {entry.Category}[{entry.EventId}] {entry.Message}{(entry.Exception is { } broke ? "  " + broke : "")}");
    }
}
