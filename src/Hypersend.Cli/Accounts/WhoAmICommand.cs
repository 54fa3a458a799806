using System.CommandLine;
using Hypersend.Cli.Start;
using Hypersend.Contracts;

namespace Hypersend.Cli.Accounts;

/// <summary>Who is signed in, and where.</summary>
internal sealed class WhoAmICommand : Verb
{
    public WhoAmICommand(Workplace place)
        : base(place, "whoami", "Say who is signed in, and where.")
    {
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var me = await signedIn.Client.Accounts.GetMeAsync(cancellation);
        if (WantsJson(line))
            Screen.Json(me, HypersendJson.Wire.User);
        else
            Screen.Line($"@{me.Username} ({me.Name}) at {signedIn.Profile.Server}");
    }
}
