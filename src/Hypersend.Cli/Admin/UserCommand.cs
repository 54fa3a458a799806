using System.CommandLine;
using Hypersend.Cli.Start;
using Hypersend.Contracts;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Users;
using Hypersend.Sdk.Admin;

namespace Hypersend.Cli.Admin;

/// <summary>One account: shown, and changed where the line says so.</summary>
internal sealed class UserCommand : Verb
{
    private readonly Argument<string> _name = new("USER") { Description = "The user name, or the mail address." };

    private readonly Option<string?> _role = new("--role") { Description = "What the person may do from now on.", HelpName = "ROLE" };

    private readonly Option<bool> _disable = new("--disable") { Description = "End all sessions, and let nobody sign in." };

    private readonly Option<bool> _enable = new("--enable") { Description = "Let the person sign in again." };

    private readonly Option<long?> _quota = new("--quota") { Description = "How many bytes the person may store; 0 for no limit, -1 for the server's default.", HelpName = "BYTES" };

    private readonly Option<bool> _logout = new("--logout") { Description = "End all sessions." };

    public UserCommand(Workplace place)
        : base(place, "user", "Show an account, or change it.")
    {
        Add(_name);
        Add(_role.AcceptOnlyFromAmong(Roles.User, Roles.Admin));
        Add(_disable);
        Add(_enable);
        Add(_quota);
        Add(_logout);
        Validators.Add(result =>
        {
            if (result.GetValue(_disable) && result.GetValue(_enable))
                result.AddError("--disable and --enable exclude each other");
        });
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var admin = signedIn.Client.Admin;
        var user = await FindAsync(admin, line.GetRequiredValue(_name), cancellation);
        var change = new AdminUpdateUserRequest
        {
            Role = line.GetValue(_role),
            Disabled = line.GetValue(_disable) ? true : line.GetValue(_enable) ? false : null,
            QuotaBytes = line.GetValue(_quota),
        };
        if (change != new AdminUpdateUserRequest())
            user = await admin.UpdateUserAsync(user.Id, change, cancellation);
        if (line.GetValue(_logout))
            await admin.LogOutUserAsync(user.Id, cancellation);
        if (WantsJson(line))
            Screen.Json(user, HypersendJson.Wire.User);
        else
            Screen.Table(["USER", "NAME", "MAIL", "ROLE", "STATE", "ID"], [["@" + user.Username, user.Name, user.Email ?? "", user.Role, user.Disabled == true ? "disabled" : "active", user.Id.ToString()]]);
    }

    private static async Task<User> FindAsync(AdminClient admin, string written, CancellationToken cancellation)
    {
        var name = written.TrimStart('@');
        string? cursor = null;
        do
        {
            var page = await admin.ListUsersAsync(name, cursor, cancellation: cancellation);
            if (page.Items.FirstOrDefault(user => Is(user, name)) is { } found)
                return found;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        throw new StopException(ExitCodes.NotThere, $"There is no account {name}: \"hypersend admin users\" lists them.");
    }

    private static bool Is(User user, string name) =>
        string.Equals(user.Username, name, StringComparison.OrdinalIgnoreCase) || string.Equals(user.Email, name, StringComparison.OrdinalIgnoreCase);
}
