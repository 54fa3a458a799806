using Hypersend.Cli.Start;
using Hypersend.Sdk;

namespace Hypersend.Cli.Profiles;

/// <summary>A client of a profile. It renews the sign-in in step with every other process that uses the profile.</summary>
internal sealed class SignedInClient : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;

    private SignedInClient(HttpClient http, HypersendClient client, Profile profile) => (_http, Client, Profile) = (http, client, profile);

    public HypersendClient Client { get; }

    public Profile Profile { get; }

    /// <summary>The profile's client, signed in with what it keeps.</summary>
    public static SignedInClient Open(Workplace place, Profile profile) => Open(place, profile.Server, profile);

    /// <summary>A client of the server, with nobody signed in.</summary>
    public static SignedInClient OpenAnonymous(Workplace place, Uri server) => Open(place, server, new Profile { Name = "", Server = server, UserId = default, Username = "" });

    public void Dispose()
    {
        Client.Dispose();
        _http.Dispose();
    }

    private static SignedInClient Open(Workplace place, Uri server, Profile profile)
    {
        place.Server = server;
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = ConnectPatience })
        {
            BaseAddress = server,
            Timeout = Timeout.InfiniteTimeSpan, // each call has its own
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd($"hypersend/{typeof(SignedInClient).Assembly.GetName().Version?.ToString(3)}");
        var options = new HypersendOptions
        {
            Clock = place.Around.Clock,
            Tokens = profile.Tokens,
            RenewalTurn = (old, renew) => place.Profiles.RenewAsync(profile, old, renew, place.Screen.Complain),
        };
        return new SignedInClient(http, new HypersendClient(http, options), profile);
    }
}
