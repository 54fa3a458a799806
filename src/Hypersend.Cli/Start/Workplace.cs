using System.CommandLine;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Screens;

namespace Hypersend.Cli.Start;

/// <summary>What every command works with.</summary>
internal sealed class Workplace
{
    public Workplace(Surroundings around)
    {
        Around = around;
        Screen = new Screen(around);
        Profiles = new ProfileStore(ConfigFolder.Of(around), around.Clock);
    }

    public Surroundings Around { get; }

    public Screen Screen { get; }

    public ProfileStore Profiles { get; }

    public GlobalOptions Options { get; } = new();

    /// <summary>The server that this run talks to, once that is known; complaints name it.</summary>
    public Uri? Server { get; set; }

    /// <summary>A client of whoever the line, the environment or the current profile says.</summary>
    public SignedInClient SignIn(ParseResult line) => SignedInClient.Open(this, ProfileChoice.Of(this, line));

    /// <summary>The whole standard input as text.</summary>
    public async Task<string> ReadInputAsync(CancellationToken cancellation)
    {
        using var reader = new StreamReader(Around.Input.Value, leaveOpen: true);
        return await reader.ReadToEndAsync(cancellation);
    }
}
