using System.CommandLine;
using Hypersend.Cli.Start;

namespace Hypersend.Cli.Admin;

/// <summary>What server admins see and change.</summary>
internal sealed class AdminCommand : Command
{
    public AdminCommand(Workplace place)
        : base("admin", "Run a server: accounts, settings, invitations, its state.")
    {
        Add(new UsersCommand(place));
        Add(new UserCommand(place));
        Add(new SettingsCommand(place));
        Add(new InvitesCommand(place));
        Add(new InviteCommand(place));
        Add(new StatusCommand(place));
        Add(new LogsCommand(place));
    }
}
