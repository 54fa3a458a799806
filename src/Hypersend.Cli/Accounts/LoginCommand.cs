using System.CommandLine;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Start;
using Hypersend.Contracts;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Sdk;

namespace Hypersend.Cli.Accounts;

/// <summary>Signs in, and keeps the sign-in as a profile.</summary>
internal sealed class LoginCommand : Verb
{
    private readonly Argument<string?> _server = new("SERVER")
    {
        Description = "The server's address, as chat.example.org. Without it, the one of the profile.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _user = new("--user", "-u") { Description = "Your user name or mail address. Without it, you are asked.", HelpName = "NAME" };

    private readonly Option<bool> _passwordStdin = new("--password-stdin") { Description = "Read the password from the standard input." };

    private readonly Option<string?> _totp = new("--totp") { Description = "The code of your authenticator app. Without it, you are asked when one is needed.", HelpName = "CODE" };

    public LoginCommand(Workplace place)
        : base(place, "login", "Sign in at a server.")
    {
        Add(_server);
        Add(_user);
        Add(_passwordStdin);
        Add(_totp);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var (named, known, server) = Where(line);
        using var visitor = SignedInClient.OpenAnonymous(Place, server);

        // Before a password is typed, let alone sent: is this a server of ours at all?
        var card = await visitor.Client.Server.GetCardAsync(cancellation);
        if (server.Scheme == Uri.UriSchemeHttp && !ServerAddress.IsHere(server))
            Screen.Complain($"the way to {server} is not encrypted: the password can be read on it.");
        var user = line.GetValue(_user) ?? known?.Username ?? Ask($"User name or mail address at {card.Name}: ", "--user");
        var password = await PasswordAsync(line, user, cancellation);
        var signedIn = await LoginAsync(visitor.Client, new LoginRequest { Login = user, Password = password, Totp = line.GetValue(_totp) }, cancellation);
        await KeepAsync(new Profile { Name = named, Server = server, UserId = signedIn.Id, Username = signedIn.Username }.With(visitor.Client.Tokens), cancellation);
        if (WantsJson(line))
            Screen.Json(signedIn.User, HypersendJson.Wire.User);
        Screen.Note($"Signed in at {card.Name} as @{signedIn.Username} (profile {named}).");
    }

    private (string Name, Profile? Known, Uri Server) Where(ParseResult line)
    {
        var (named, told) = ProfileChoice.Said(Place, line);
        if (line.GetValue(_server) is { } written)
            told = ServerAddress.Read(written);
        if (told is not null)
        {
            var name = named ?? ServerAddress.ProfileName(told);
            var there = Place.Profiles.Find(name);
            return (name, there?.Server == told ? there : null, told);
        }

        var known = (named ?? Place.Profiles.Current) is { } kept ? Place.Profiles.Find(kept) : null;
        if (known is not null)
            return (known.Name, known, known.Server);
        var asked = ServerAddress.Read(Ask("Address of the server: ", "SERVER"));
        return (named ?? ServerAddress.ProfileName(asked), null, asked);
    }

    private async Task<SignedIn> LoginAsync(HypersendClient client, LoginRequest request, CancellationToken cancellation)
    {
        try
        {
            return await client.Accounts.LoginAsync(request, cancellation);
        }
        catch (HypersendException refused) when (refused.Code == ErrorCodes.TotpRequired && Place.Around.InputIsTerminal)
        {
            var code = Place.Around.Ask("Code of your authenticator app, or a recovery code: ")?.Trim();
            return await client.Accounts.LoginAsync(request with { Totp = code }, cancellation);
        }
        catch (HypersendException refused) when (refused.Code == ErrorCodes.TotpRequired)
        {
            throw new StopException(ExitCodes.NotSignedIn, "This account has two-step verification: give its code with --totp CODE.");
        }
    }

    private async Task<string> PasswordAsync(ParseResult line, string user, CancellationToken cancellation)
    {
        if (line.GetValue(_passwordStdin))
        {
            // A line's end belongs to the file, not to the password.
            var read = (await Place.ReadInputAsync(cancellation)).TrimEnd('\r', '\n');
            return read.Length > 0 ? read : throw new StopException(ExitCodes.WrongUsage, "There was no password on the standard input.");
        }

        if (!Place.Around.InputIsTerminal)
            throw new StopException(ExitCodes.WrongUsage, "No terminal to ask for the password: pass it with --password-stdin.");
        return Place.Around.AskSecretly($"Password of {user}: ") is { Length: > 0 } typed ? typed : throw new StopException(ExitCodes.WrongUsage, "Nothing was typed.");
    }

    /// <summary>Keeps the new sign-in, and ends the one that it takes the place of.</summary>
    private async Task KeepAsync(Profile profile, CancellationToken cancellation)
    {
        Profile? before;
        using (await Place.Profiles.LockAsync(profile.Name, cancellation))
        {
            before = Place.Profiles.Find(profile.Name);
            Place.Profiles.Save(profile);
            Place.Profiles.Current = profile.Name;
        }

        if (before?.Tokens is null || before.Server != profile.Server)
            return;
        try
        {
            using var old = SignedInClient.Open(Place, before);
            await old.Client.Accounts.LogoutAsync(cancellation);
        }
        catch (Exception exception) when (exception is HypersendException or HttpRequestException)
        {
            Screen.Note("The earlier sign-in of this profile could not be ended; it ends by itself.");
        }
    }

    private string Ask(string question, string instead)
    {
        if (!Place.Around.InputIsTerminal)
            throw new StopException(ExitCodes.WrongUsage, $"{instead} is needed where no terminal is there to ask for it.");
        return Place.Around.Ask(question)?.Trim() is { Length: > 0 } typed ? typed : throw new StopException(ExitCodes.WrongUsage, "Nothing was typed.");
    }
}
