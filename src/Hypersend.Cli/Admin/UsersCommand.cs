using System.CommandLine;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts;
using Hypersend.Contracts.Users;

namespace Hypersend.Cli.Admin;

/// <summary>All accounts, or those the text finds.</summary>
internal sealed class UsersCommand : Verb
{
    private const int PageSize = 100;

    private readonly Argument<string?> _text = new("TEXT") { Description = "Only accounts whose name or address has words that begin so.", Arity = ArgumentArity.ZeroOrOne };

    public UsersCommand(Workplace place)
        : base(place, "users", "List accounts.") => Add(_text);

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var users = new List<User>();
        string? cursor = null;
        do
        {
            var page = await signedIn.Client.Admin.ListUsersAsync(line.GetValue(_text), cursor, PageSize, cancellation);
            users.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        if (WantsJson(line))
            Screen.Json(new Page<User> { Items = users }, HypersendJson.Wire.PageOfUsers);
        else
            Screen.Table(["USER", "NAME", "MAIL", "ROLE", "QUOTA", ""], users.Select(Row));
    }

    private static string[] Row(User user) =>
    [
        "@" + user.Username,
        user.Name,
        user.Email ?? "",
        user.Role,
        user.QuotaBytes is { } quota ? quota == 0 ? "no limit" : Shown.Size(quota) : "",
        user.Disabled == true ? "disabled" : "",
    ];
}
