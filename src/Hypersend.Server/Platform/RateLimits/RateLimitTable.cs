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
    public const string Chats = "chats";
    public const string Messages = "messages";
    public const string Sending = "sending";
    public const string Files = "files";
    public const string Chunks = "chunks";
    public const string Links = "links";
    public const string Push = "push";
    public const string LongPoll = "long_poll";
    public const string Sockets = "sockets";

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
        [Chats] = (600, 1200),
        [Messages] = (600, 3000),
        [Sending] = (600, 1200),
        [Files] = (600, 1200),

        // What a chunk costs is bounded by its bytes; this only stops a client that asks in a circle.
        [Chunks] = (60_000, 60_000),
        [LongPoll] = (600, 600),

        // Each test and each new subscription makes requests of our own.
        [Push] = (120, 60),

        // A download manager comes with many ranges; guessing a token of 144 bits is hopeless anyway.
        [Links] = (600, 600),

        // Sockets say who they are after they were opened, and a whole office comes back at once.
        [Sockets] = (3000, 300),
    };

    public static IReadOnlyCollection<string> Groups => Rows.Keys;

    public static (int PerAddress, int PerUser) Of(string group) => Rows[group];
}
