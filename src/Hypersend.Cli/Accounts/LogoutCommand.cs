using System.CommandLine;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Start;
using Hypersend.Sdk;

namespace Hypersend.Cli.Accounts;

/// <summary>Ends the sign-in of a profile, there and here.</summary>
internal sealed class LogoutCommand : Verb
{
    private readonly Option<bool> _everywhere = new("--everywhere") { Description = "End all your sessions at this server, also those of other devices." };

    public LogoutCommand(Workplace place)
        : base(place, "logout", "Sign out of a server.") => Add(_everywhere);

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var profile = ProfileChoice.Of(Place, line);
        using var signedIn = SignedInClient.Open(Place, profile);
        if (line.GetValue(_everywhere))
        {
            await signedIn.Client.Accounts.LogoutAllAsync(cancellation);
            await ForgetAsync(profile, cancellation);
        }
        else
        {
            // Here it is over in any case: a server that is away must not keep anybody signed in on this machine.
            await ForgetAsync(profile, cancellation);
            await EndAsync(signedIn.Client, cancellation);
        }

        Screen.Note($"Signed out of {profile.Server}.");
    }

    private async Task ForgetAsync(Profile profile, CancellationToken cancellation)
    {
        using var turn = await Place.Profiles.LockAsync(profile.Name, cancellation);
        if (Place.Profiles.Find(profile.Name) is { } kept)
            Place.Profiles.Save(kept.With(null));
    }

    private async Task EndAsync(HypersendClient client, CancellationToken cancellation)
    {
        try
        {
            await client.Accounts.LogoutAsync(cancellation);
        }
        catch (HypersendException refused) when (refused.Status == 401)
        {
            Screen.Note("The session was over already.");
        }
        catch (HttpRequestException)
        {
            throw new StopException(ExitCodes.ServerAway, "You are signed out on this machine. The server did not answer, so the session there ends only by itself: \"hypersend logout --everywhere\" from a new sign-in ends it sooner.");
        }
    }
}
