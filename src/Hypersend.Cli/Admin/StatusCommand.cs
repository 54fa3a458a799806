using System.CommandLine;
using System.Globalization;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts;

namespace Hypersend.Cli.Admin;

/// <summary>How the server's process is.</summary>
internal sealed class StatusCommand : Verb
{
    public StatusCommand(Workplace place)
        : base(place, "status", "Say how the server is: version, engines, memory, disk.")
    {
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var status = await signedIn.Client.Admin.GetStatusAsync(cancellation);
        if (WantsJson(line))
        {
            Screen.Json(status, HypersendJson.Wire.DebugStatus);
            return;
        }

        Screen.Table(["", ""],
        [
            ["version", status.Version],
            ["runtime", $"{status.Runtime} on {status.Os}"],
            ["started", Shown.Time(status.StartedAt, Place.Around.Clock)],
            ["engines", $"{status.Database}, {status.Storage}, {status.Bus}, {status.Mail}"],
            ["memory", Shown.Size(status.WorkingSetBytes)],
            ["disk free", Shown.Size(status.DiskFreeBytes)],
            ["accounts", status.Users.ToString(CultureInfo.InvariantCulture)],
            ["sessions", status.Sessions.ToString(CultureInfo.InvariantCulture)],
        ]);
    }
}
