using System.CommandLine;

namespace Hypersend.Cli.Start;

/// <summary>What can be said with every command.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Profile { get; } = new("--profile")
    {
        Description = "The profile to use: a server and who is signed in there (HYPERSEND_PROFILE). Without it, the current one.",
        HelpName = "NAME",
        Recursive = true,
    };

    public Option<string?> Server { get; } = new("--server")
    {
        Description = "The server to use: the profile that belongs to it (HYPERSEND_SERVER).",
        HelpName = "ADDRESS",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Answer in JSON, as the server's interface writes it.",
        Recursive = true,
    };
}
