using System.CommandLine;
using Hypersend.Cli.Start;
using Hypersend.Contracts;

namespace Hypersend.Cli.Profiles;

/// <summary>The servers this machine knows, and which one is used when none is named.</summary>
internal sealed class ProfilesCommand : Verb
{
    public ProfilesCommand(Workplace place)
        : base(place, "profiles", "List the servers you have signed in at.") => Add(new UseProfileCommand(place));

    protected override Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var current = Place.Profiles.Current;
        IReadOnlyList<ShownProfile> profiles =
            [.. Place.Profiles.List().Select(profile => new ShownProfile(profile.Name, profile.Server, profile.Username, profile.Tokens is not null, profile.Name == current))];
        if (WantsJson(line))
            Screen.Json(new Page<ShownProfile> { Items = profiles }, ProfileJson.Default.ShownProfiles);
        else
            Screen.Table(["", "PROFILE", "SERVER", "PERSON"], profiles.Select(profile => (string[])[profile.Current ? "*" : "", profile.Name, profile.Server.ToString(), profile.SignedIn ? "@" + profile.Username : "(signed out)"]));
        return Task.CompletedTask;
    }
}
