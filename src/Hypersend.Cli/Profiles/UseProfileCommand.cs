using System.CommandLine;
using Hypersend.Cli.Start;

namespace Hypersend.Cli.Profiles;

/// <summary>Makes a profile the one that is used when none is named.</summary>
internal sealed class UseProfileCommand : Verb
{
    private readonly Argument<string> _name = new("NAME") { Description = "The profile." };

    public UseProfileCommand(Workplace place)
        : base(place, "use", "Use this profile from now on.") => Add(_name);

    protected override Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var name = line.GetRequiredValue(_name);
        var profile = Place.Profiles.Find(name) ?? throw new StopException(ExitCodes.NotThere, $"There is no profile {name}: \"hypersend profiles\" lists them.");
        Place.Profiles.Current = profile.Name;
        Screen.Note($"From now on: {profile.Server} as @{profile.Username}.");
        return Task.CompletedTask;
    }
}
