using System.CommandLine;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Ids;

namespace Hypersend.Cli.Profiles;

/// <summary>Which profile a command uses: what the line says, then the environment, then the current one.</summary>
internal static class ProfileChoice
{
    public static Profile Of(Workplace place, ParseResult line)
    {
        var (named, server) = Said(place, line);
        if (place.Around.Variable("HYPERSEND_TOKEN") is { } token)
            return OfToken(place, token, named, server);
        var found = named is not null ? ByName(place, named) : server is not null ? ByServer(place, server) : Current(place);
        if (server is not null && found.Server != server)
            throw new StopException(ExitCodes.WrongUsage, $"The profile {found.Name} belongs to {found.Server}, not to {server}: leave one of both out.");
        return found.Tokens is null
            ? throw new StopException(ExitCodes.NotSignedIn, $"You are signed out of {found.Server}: run \"hypersend login --profile {found.Name}\".")
            : found;
    }

    /// <summary>The profile and the server that the line or the environment names.</summary>
    public static (string? Profile, Uri? Server) Said(Workplace place, ParseResult line)
    {
        var named = line.GetValue(place.Options.Profile);
        var server = line.GetValue(place.Options.Server);

        // Who names one of both on the line means that one, whatever the environment says of the other.
        if (named is null && server is null)
            (named, server) = (place.Around.Variable("HYPERSEND_PROFILE"), place.Around.Variable("HYPERSEND_SERVER"));
        if (named is not null && !ProfileStore.IsName(named))
            throw new StopException(ExitCodes.WrongUsage, $"\"{named}\" cannot be the name of a profile: letters, digits, dots and dashes, at most 64.");
        return (named, server is null ? null : ServerAddress.Read(server));
    }

    private static Profile ByName(Workplace place, string name) =>
        place.Profiles.Find(name)
        ?? throw new StopException(ExitCodes.NotSignedIn, $"There is no profile {name}: \"hypersend profiles\" lists them, \"hypersend login SERVER --profile {name}\" makes it.");

    private static Profile ByServer(Workplace place, Uri server)
    {
        var fitting = place.Profiles.List().Where(profile => profile.Server == server).ToList();
        if (fitting.Count > 1)
        {
            var current = place.Profiles.Current;
            return fitting.Find(profile => profile.Name == current)
                ?? throw new StopException(ExitCodes.WrongUsage, $"Several profiles belong to {server}: say --profile {string.Join(" or --profile ", fitting.Select(profile => profile.Name))}.");
        }

        return fitting.Count == 1 ? fitting[0] : throw new StopException(ExitCodes.NotSignedIn, $"You are not signed in at {server}: run \"hypersend login {server}\".");
    }

    private static Profile Current(Workplace place) =>
        (place.Profiles.Current is { } name ? place.Profiles.Find(name) : null)
        ?? throw new StopException(ExitCodes.NotSignedIn, "You are not signed in anywhere: run \"hypersend login SERVER\".");

    /// <summary>A token of the environment: used as it is, never renewed and never kept.</summary>
    private static Profile OfToken(Workplace place, string token, string? named, Uri? server)
    {
        var address = server ?? (named is not null ? ByName(place, named) : Current(place)).Server;
        return new Profile
        {
            Name = ServerAddress.ProfileName(address),
            Server = address,
            UserId = new UserId(Guid.Empty),
            Username = "",
            AccessToken = token,
            AccessExpiresAt = DateTimeOffset.MaxValue,
        };
    }
}
