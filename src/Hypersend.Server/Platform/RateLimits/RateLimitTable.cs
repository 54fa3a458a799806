namespace Hypersend.Server.Platform.RateLimits;

/// <summary>How many requests a minute each group of routes takes: from one address without a session, and from one person.</summary>
internal static class RateLimitTable
{
    public const string Credentials = "credentials";
    public const string Sessions = "sessions";
    public const string People = "people";
    public const string Search = "search";
    public const string Admin = "admin";
    public const string Open = "open";

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly Dictionary<string, (int PerAddress, int PerUser)> Rows = new(StringComparer.Ordinal)
    {
        // Guessing is stopped by the login delay long before; this bounds the hashing work one address can ask for.
        [Credentials] = (60, 30),
        [Sessions] = (300, 300),
        [People] = (600, 600),
        [Search] = (120, 120),
        [Admin] = (600, 600),
        [Open] = (600, 600),
    };

    public static IReadOnlyCollection<string> Groups => Rows.Keys;

    public static (int PerAddress, int PerUser) Of(string group) => Rows[group];
}
