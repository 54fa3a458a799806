namespace Hypersend.Server.Start.Verbs;

/// <summary>How the process ends; the same meanings as those of the command line client (docs/cli.md).</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It was understood and not done; or the server's database is away, and starting again is worth a try.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a setting is wrong, or something outside keeps the server from starting.</summary>
    public const int Wrong = 2;

    /// <summary>What was named is not there.</summary>
    public const int NotThere = 4;

    public const int Interrupted = 130;

    public const int AskedToEnd = 143;

    /// <summary>Of something that keeps the server, or a verb, from starting.</summary>
    public static int Of(Exception exception) => exception is PreparationException { IsAway: true } ? Failed : Wrong;
}
