using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Sdk;

namespace Hypersend.Cli.Chats;

/// <summary>
/// A chat by what people call it: its id, <c>@somebody</c> (the direct chat is opened when there is none yet), its name, or
/// a beginning of its name that no other chat has.
/// </summary>
internal static class ChatFinder
{
    private const int PageSize = 200;
    private const int MostCandidates = 10;

    /// <summary>What the help says of such an argument.</summary>
    public const string Naming = "its name or the beginning of it, @user, or its id";

    public static async Task<Chat> FindAsync(HypersendClient client, string name, CancellationToken cancellation)
    {
        if (name.StartsWith('@'))
            return await DirectAsync(client, name[1..], cancellation);
        var chats = await ListAsync(client, cancellation);
        return Choose(chats, name) ?? await ByIdAsync(client, name, cancellation)
            ?? throw new StopException(ExitCodes.NotThere, $"There is no chat \"{PlainText.OneLine(name)}\" of yours: \"hypersend chats\" lists them.");
    }

    /// <summary>All my chats, the newest activity first.</summary>
    public static async Task<IReadOnlyList<ChatSummary>> ListAsync(HypersendClient client, CancellationToken cancellation)
    {
        var chats = new List<ChatSummary>();
        string? cursor = null;
        do
        {
            var page = await client.Chats.ListAsync(cursor, PageSize, cancellation);
            chats.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return chats;
    }

    /// <summary>The person with exactly this user name.</summary>
    public static async Task<User> PersonAsync(HypersendClient client, string username, CancellationToken cancellation)
    {
        string? cursor = null;
        do
        {
            var page = await client.Users.SearchAsync(username, cursor, cancellation: cancellation);
            if (page.Items.FirstOrDefault(user => string.Equals(user.Username, username, StringComparison.OrdinalIgnoreCase)) is { } found)
                return found;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        throw new StopException(ExitCodes.NotThere, $"There is nobody called @{PlainText.OneLine(username)} on this server.");
    }

    /// <summary>What a chat is called in a list; my saved messages have no name of their own.</summary>
    public static string NameOf(Chat chat) => chat.Name.Length == 0 && chat.Type == ChatTypes.Saved ? ChatTypes.Saved : chat.Name;

    private static async Task<Chat> DirectAsync(HypersendClient client, string username, CancellationToken cancellation)
    {
        var person = await PersonAsync(client, username, cancellation);
        return await client.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Direct, MemberIds = [person.Id] }, cancellation);
    }

    /// <summary>The narrowest meaning that fits anything decides; when it fits several, all of them are told.</summary>
    private static ChatSummary? Choose(IReadOnlyList<ChatSummary> chats, string name)
    {
        Func<ChatSummary, bool>[] meanings =
        [
            chat => chat.Id.ToString() == name,
            chat => chat.Name == name,
            chat => string.Equals(chat.Name, name, StringComparison.OrdinalIgnoreCase),
            chat => chat.Type == ChatTypes.Saved && (name is "me" or ChatTypes.Saved),
            chat => name.Length > 0 && chat.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase),
        ];
        foreach (var meaning in meanings)
        {
            var fitting = chats.Where(meaning).ToList();
            if (fitting.Count == 1)
                return fitting[0];
            if (fitting.Count > 1)
                throw new StopException(ExitCodes.WrongUsage, Ambiguous(name, fitting));
        }

        return null;
    }

    /// <summary>A chat that is not in my list, but that I may see: a public channel or a room.</summary>
    private static async Task<Chat?> ByIdAsync(HypersendClient client, string name, CancellationToken cancellation)
    {
        if (!Guid.TryParseExact(name, "D", out var id))
            return null;
        try
        {
            return await client.Chats.GetAsync(new ChatId(id), cancellation);
        }
        catch (HypersendException refused) when (refused.Status == 404)
        {
            return null;
        }
    }

    private static string Ambiguous(string name, List<ChatSummary> fitting)
    {
        var lines = fitting.Take(MostCandidates).Select(chat => $"  {chat.Id}  {(chat.Peer is { } peer ? $"@{peer.Username}" : chat.Type)}  {PlainText.OneLine(NameOf(chat))}");
        var more = fitting.Count > MostCandidates ? $"\n  and {fitting.Count - MostCandidates} more" : "";
        return $"\"{PlainText.OneLine(name)}\" may be any of these; say more of the name, @user or the id:\n{string.Join('\n', lines)}{more}";
    }
}
