using System.CommandLine;
using System.Globalization;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;

namespace Hypersend.Cli.Chats;

/// <summary>My chats, and what waits for me there.</summary>
internal sealed class ChatsCommand : Verb
{
    public ChatsCommand(Workplace place)
        : base(place, "chats", "List your chats, the newest activity first.")
    {
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var chats = await ChatFinder.ListAsync(signedIn.Client, cancellation);
        if (WantsJson(line))
            Screen.Json(new Page<ChatSummary> { Items = chats }, HypersendJson.Wire.PageOfSummaries);
        else
            Screen.Table(["CHAT", "KIND", "NEW", "LAST", "ID"], chats.Select(Row));
    }

    private string[] Row(ChatSummary chat) =>
    [
        ChatFinder.NameOf(chat),
        chat.Peer is { } peer ? "@" + peer.Username : chat.Type,
        chat.Unread > 0 ? chat.Unread.ToString(CultureInfo.InvariantCulture) : "",
        chat.LastMessage is { } last ? Screen.IsTerminal ? Shown.ShortTime(last.CreatedAt, Place.Around.Clock) : Shown.Time(last.CreatedAt, Place.Around.Clock) : "",
        chat.Id.ToString(),
    ];
}
