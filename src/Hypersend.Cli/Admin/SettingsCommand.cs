using System.CommandLine;
using System.Globalization;
using Hypersend.Cli.Start;
using Hypersend.Contracts;
using Hypersend.Contracts.Admin;

namespace Hypersend.Cli.Admin;

/// <summary>The server's settings: shown, and changed where the line says so.</summary>
internal sealed class SettingsCommand : Verb
{
    private readonly Option<string?> _registration = new("--registration") { Description = "Who may make an account.", HelpName = "MODE" };

    private readonly Option<long?> _quota = new("--default-quota") { Description = "How many bytes a person may store; 0 for no limit.", HelpName = "BYTES" };

    private readonly Option<string?> _name = new("--brand-name") { Description = "What the server calls itself.", HelpName = "NAME" };

    private readonly Option<string?> _colour = new("--brand-color") { Description = "Its colour, as #2a6fdb.", HelpName = "COLOUR" };

    public SettingsCommand(Workplace place)
        : base(place, "settings", "Show the server's settings, or change them.")
    {
        Add(_registration.AcceptOnlyFromAmong(RegistrationModes.Open, RegistrationModes.Invite, RegistrationModes.Closed));
        Add(_quota);
        Add(_name);
        Add(_colour);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var change = new ServerSettings
        {
            Registration = line.GetValue(_registration),
            DefaultQuotaBytes = line.GetValue(_quota),
            BrandName = line.GetValue(_name),
            BrandColor = line.GetValue(_colour),
        };
        var settings = change == new ServerSettings()
            ? await signedIn.Client.Admin.GetSettingsAsync(cancellation)
            : await signedIn.Client.Admin.UpdateSettingsAsync(change, cancellation);
        if (WantsJson(line))
        {
            Screen.Json(settings, HypersendJson.Wire.ServerSettings);
            return;
        }

        Screen.Table(["SETTING", "VALUE"],
        [
            ["registration", settings.Registration ?? ""],
            ["default quota", settings.DefaultQuotaBytes is { } quota ? quota == 0 ? "no limit" : quota.ToString(CultureInfo.InvariantCulture) : ""],
            ["brand name", settings.BrandName ?? ""],
            ["brand colour", settings.BrandColor ?? ""],
        ]);
    }
}
