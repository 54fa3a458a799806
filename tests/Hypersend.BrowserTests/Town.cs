using System.Text;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Microsoft.Playwright;

namespace Hypersend.BrowserTests;

/// <summary>Two people with a little of everything, so that no screen is empty, and the way to each screen.</summary>
internal sealed class Town
{
    private const string Go = """
        async (path) => {
          // What closed gives its entry of the history back a moment later, and would take this step with it.
          while (history.state?.overlay && !document.querySelector("dialog, [role=menu]")) await new Promise((resolve) => requestAnimationFrame(resolve));
          history.pushState({ inside: true }, "", path);
          dispatchEvent(new PopStateEvent("popstate"));
          const rests = () => !document.querySelector(".skeleton, .waiting, .spinner");
          for (let calm = 0; calm < 3; calm = rests() ? calm + 1 : 0) await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        """;

    private Town(string[] screens) => Screens = screens;

    /// <summary>Their addresses, behind the sign-in.</summary>
    public IReadOnlyList<string> Screens { get; }

    /// <param name="server">Where they live.</param>
    /// <param name="name">Of the first of the two, who looks at the screens.</param>
    public static async Task<Town> FoundAsync(AppServer server, string name)
    {
        var (one, two) = (await server.SignUpAsync(name), await server.SignUpAsync(name + "2"));
        var other = (await two.Accounts.GetMeAsync()).Id;
        await one.Users.FollowAsync(other);
        var group = (await one.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Square", Description = "All of us", MemberIds = [other] })).Id;
        var channel = (await one.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Channel, Name = "News", Public = true })).Id;
        var root = await SayAsync(two, group, "**Who** comes to the `market` on [Saturday](https://example.org)?");
        await SayAsync(one, group, "I do", reply: root);
        await SayAsync(two, group, "In a thread", thread: root);
        await one.Messages.ReactAsync(root, "👍");
        await one.Messages.PinAsync(root);
        await one.Messages.BookmarkAsync(root);
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Bread, olives and water.\n", 200)));
        var upload = await two.Files.InitAsync(new InitUploadRequest { Filename = "What to bring.txt", Size = bytes.Length, Mime = "text/plain", ChatId = group });
        await two.Files.SendChunkAsync(upload.UploadId, 0, bytes);
        await two.Files.CompleteAsync(upload.UploadId);
        return new Town([
            "/", $"/c/{group}", $"/c/{group}/t/{root.Seq}", $"/c/{group}/info", $"/c/{channel}", $"/u/{other}", "/contacts", "/discover", "/search", "/bookmarks", "/archive", "/share",
            "/settings", .. new[] { "profile", "appearance", "notifications", "privacy", "security", "devices", "storage", "keyboard", "about" }.Select(section => $"/settings/{section}"),
            "/there/is/nothing",
        ]);
    }

    /// <summary>To a screen, as a click would go there, until nothing on it is still coming.</summary>
    public static Task GoAsync(IPage page, string path) => page.EvaluateAsync(Go, path).WaitAsync(TimeSpan.FromMinutes(3));

    private static async Task<MessageId> SayAsync(HypersendClient by, ChatId chat, string text, MessageId? reply = null, MessageId? thread = null) =>
        (await by.Messages.SendAsync(new SendMessageRequest { ChatId = chat, Content = text, ReplyTo = reply, Thread = thread })).Message!.Id;
}
