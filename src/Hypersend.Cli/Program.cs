using System.CommandLine;
using Hypersend.Cli.Accounts;
using Hypersend.Cli.Admin;
using Hypersend.Cli.Chats;
using Hypersend.Cli.Files;
using Hypersend.Cli.Files.Downloads;
using Hypersend.Cli.Files.Status;
using Hypersend.Cli.Files.Uploads;
using Hypersend.Cli.Files.Watching;
using Hypersend.Cli.Manual;
using Hypersend.Cli.Messages;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Start;
using Hypersend.Cli.Transfers;

namespace Hypersend.Cli;

/// <summary>The table of contents.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        using var interruption = new Interruption();
        return interruption.CodeOf(await CommandLine.RunAsync(args, Surroundings.OfThisProcess(), interruption.Token));
    }

    public static RootCommand Commands(Workplace place) => new("Chats and files of a Hypersend server, from a terminal or a script.")
    {
        place.Options.Profile,
        place.Options.Server,
        place.Options.Json,

        new LoginCommand(place),
        new LogoutCommand(place),
        new WhoAmICommand(place),
        new ProfilesCommand(place),

        new ChatsCommand(place),
        new ChatCommand(place),
        new SendCommand(place),
        new SearchCommand(place),

        new UploadCommand(place),
        new DownloadCommand(place),
        new WatchCommand(place),
        new TransferStatusCommand(place),
        new ListFilesCommand(place),
        new RemoveFilesCommand(place),
        new LinkCommand(place),

        new OfferCommand(place),
        new ReceiveCommand(place),

        new AdminCommand(place),

        new CompletionsCommand(place),
        new ManCommand(place),
    };
}
