namespace Hypersend.Cli.Start;

/// <summary>How a command ended, for scripts. docs/cli.md and the man page have the same table.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The server refused it, a file is not there, something is wrong with what was asked for.</summary>
    public const int Failed = 1;

    public const int WrongUsage = 2;

    public const int NotSignedIn = 3;

    /// <summary>No permission, or no such thing: the server does not tell strangers which of both.</summary>
    public const int NotThere = 4;

    /// <summary>No way to the server, or it has no time now. The same command may succeed later.</summary>
    public const int ServerAway = 5;

    /// <summary>No room on this disk, on the server's, or in the quota.</summary>
    public const int NoRoom = 6;

    public const int Interrupted = 130;

    /// <summary>Whoever read the output has gone, as with <c>| head</c>.</summary>
    public const int NobodyReads = 141;

    public const int Terminated = 143;

    /// <summary>Each code and what it says, for the man page.</summary>
    public static readonly IReadOnlyList<(int Code, string Meaning)> Table =
    [
        (Done, "It is done."),
        (Failed, "It failed: the server refused it, or a file is not as it should be."),
        (WrongUsage, "The command line is wrong."),
        (NotSignedIn, "Nobody is signed in there, or not any more; also a wrong password."),
        (NotThere, "It is not there, or it is not for you."),
        (ServerAway, "The server does not answer or is too busy: the same command may succeed later."),
        (NoRoom, "There is no room: on this disk, on the server's, or in the quota."),
        (Interrupted, "It was interrupted (Ctrl-C)."),
        (NobodyReads, "Whoever read the output has gone."),
        (Terminated, "It was asked to end (SIGTERM)."),
    ];
}
