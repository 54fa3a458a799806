using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Messages;

namespace Hypersend.ServerTests.Fixture;

/// <summary>What people do in chats, in the words of the tests.</summary>
internal static class Conversations
{
    /// <summary>A group with these people in it; the first one owns it.</summary>
    public static async Task<ChatId> GroupAsync(this App app, Person owner, params Person[] members) =>
        (await owner.Chats.CreateAsync(new CreateChatRequest
        {
            Type = ChatTypes.Group,
            Name = "Group of " + app.Address.Port,
            MemberIds = [.. members.Select(member => member.Id)],
        })).Id;

    /// <summary>The direct chat of two people.</summary>
    public static async Task<ChatId> DirectAsync(this Person person, Person other) =>
        (await person.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Direct, MemberIds = [other.Id] })).Id;

    public static async Task<ChatId> RoomAsync(this Person person) =>
        (await person.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Room, Name = "Room" })).Id;

    public static async Task<ChatId> ChannelAsync(this Person person) =>
        (await person.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Channel, Name = "Channel", Public = true })).Id;

    public static Task<Message> SendAsync(this Person person, ChatId chat, string content, MessageId? replyTo = null, MessageId? thread = null) =>
        person.SendAsync(new SendMessageRequest { ChatId = chat, Content = content, ReplyTo = replyTo, Thread = thread });

    public static async Task<Message> SendAsync(this Person person, SendMessageRequest request) =>
        (await person.Messages.SendAsync(request)).Message ?? throw new InvalidOperationException("It waits for its time.");

    public static async Task<IReadOnlyList<Message>> HistoryAsync(this Person person, ChatId chat, PageOf? page = null) =>
        (await person.Messages.ListAsync(chat, page)).Items;

    /// <summary>The chat in the person's list, with what waits there.</summary>
    public static async Task<ChatSummary> SummaryOfAsync(this Person person, ChatId chat) =>
        (await person.Chats.ListAsync(limit: 200)).Items.Single(summary => summary.Id == chat);

    /// <summary>What waits for the person in the chat.</summary>
    public static async Task<(long Unread, long Mentions)> WaitingAsync(this Person person, ChatId chat)
    {
        var summary = await person.SummaryOfAsync(chat);
        return (summary.Unread, summary.Mentions);
    }

    /// <summary>Reads a chat to its end.</summary>
    public static async Task ReadAsync(this Person person, ChatId chat) =>
        await person.Chats.MarkReadAsync(chat, (await person.Chats.GetAsync(chat)).LastSeq);
}
