using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Messages;
using Hypersend.ServerTests.Fixture;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Messages;

/// <summary>
/// People without the right, on every call of messages: who was never in the chat, who is not any more, who may not write
/// there, and who is blocked. What the matrix says of ids it says here of what is left behind.
/// </summary>
public sealed class RightsTests(App app) : IClassFixture<App>
{
    private static readonly string[] Changing = ["send", "edit", "delete", "react", "unreact", "pin", "unpin", "schedule", "reschedule", "unschedule"];
    private static readonly string[] Looking = ["page", "get", "history", "receipts", "pins", "scheduled", "bookmark", "unbookmark", "read"];

    public static TheoryData<string> AllCalls => [.. Changing, .. Looking];

    [Theory]
    [MemberData(nameof(AllCalls))]
    public async Task Who_was_put_out_finds_that_the_chat_is_not_there_not_even_their_own_messages(string call)
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var scene = await PrepareAsync(ben, chat);
        await ana.Chats.RemoveMemberAsync(chat, ben.Id);
        var before = await ana.Messages.ListAsync(chat);

        if (call is "reschedule" or "unschedule")
        {
            // What waits is one's own, wherever it was to go; whether it may be sent is asked when its time comes.
            await DoAsync(ben, scene, call);
            return;
        }

        await DoAsync(ben, scene, call).RefusedAsync(404, ErrorCodes.NotFound);
        await AssertUnchangedAsync(ana, chat, before);
    }

    [Theory]
    [MemberData(nameof(AllCalls))]
    public async Task A_stranger_finds_nothing_and_changes_nothing(string call)
    {
        var (ana, ben, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("eve"));
        var chat = await ana.DirectAsync(ben);
        var scene = await PrepareAsync(ana, chat);
        var before = await ana.Messages.ListAsync(chat);
        await DoAsync(eve, scene, call).RefusedAsync(404, ErrorCodes.NotFound);
        await AssertUnchangedAsync(ana, chat, before);
        Assert.Single((await ana.Messages.ListScheduledAsync(chat)).Items);
    }

    [Theory]
    [MemberData(nameof(AllCalls))]
    public async Task Who_may_not_write_still_reads_and_reacts_and_deletes_their_own(string call)
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var scene = await PrepareAsync(ben, chat);
        await ana.Chats.UpdateAsync(chat, new UpdateChatRequest { Permissions = new ChatPermissions { Send = false } });
        var before = await ana.Messages.ListAsync(chat);

        if (call is "send" or "edit" or "schedule" or "pin" or "unpin")
        {
            await DoAsync(ben, scene, call).RefusedAsync(403, ErrorCodes.Forbidden);
            await AssertUnchangedAsync(ana, chat, before);
        }
        else
        {
            await DoAsync(ben, scene, call);
        }
    }

    [Theory]
    [MemberData(nameof(AllCalls))]
    public async Task Who_is_blocked_neither_writes_nor_reacts_but_keeps_what_was_said(string call)
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var scene = await PrepareAsync(ben, chat);
        await ana.Users.BlockAsync(ben.Id);
        var before = await ana.Messages.ListAsync(chat);

        if (call is "send" or "edit" or "react")
        {
            await DoAsync(ben, scene, call).RefusedAsync(403, ErrorCodes.Blocked);
            await AssertUnchangedAsync(ana, chat, before);
        }
        else if (Looking.Contains(call))
        {
            await DoAsync(ben, scene, call);
        }

        await ana.Users.UnblockAsync(ben.Id);
        await DoAsync(ben, scene, "send");
    }

    [Fact]
    public async Task A_banned_person_is_out_and_stays_out()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var invite = await ana.Chats.CreateInviteAsync(chat);
        await ana.Chats.BanAsync(chat, ben.Id);
        await ben.SendAsync(chat, "still here?").RefusedAsync(404, ErrorCodes.NotFound);
        await ben.Chats.JoinAsync(invite.Token).RefusedAsync(403, ErrorCodes.Banned);
        await ana.Chats.UnbanAsync(chat, ben.Id);
        await ben.Chats.JoinAsync(invite.Token);
        await ben.SendAsync(chat, "back again");
    }

    private sealed record Scene(ChatId Chat, MessageId Message, ScheduledId Scheduled);

    /// <summary>A message of the person's own, edited and reacted to, and one that waits.</summary>
    private static async Task<Scene> PrepareAsync(Person person, ChatId chat)
    {
        var message = await person.SendAsync(chat, "before");
        await person.Messages.EditAsync(message.Id, "before, edited");
        await person.Messages.ReactAsync(message.Id, "👍");
        var scheduled = await person.Messages.SendAsync(new SendMessageRequest { ChatId = chat, Content = "later", SendAt = Later });
        return new Scene(chat, message.Id, scheduled.Scheduled!.ScheduledId);
    }

    private static DateTimeOffset Later => TimeProvider.System.GetUtcNow().AddDays(2);

    private static Task DoAsync(Person person, Scene scene, string call) => call switch
    {
        "send" => person.SendAsync(scene.Chat, "new"),
        "edit" => person.Messages.EditAsync(scene.Message, "edited again"),
        "delete" => person.Messages.DeleteAsync(scene.Message),
        "react" => person.Messages.ReactAsync(scene.Message, "🎉"),
        "unreact" => person.Messages.UnreactAsync(scene.Message, "👍"),
        "pin" => person.Messages.PinAsync(scene.Message),
        "unpin" => person.Messages.UnpinAsync(scene.Message),
        "schedule" => person.Messages.SendAsync(new SendMessageRequest { ChatId = scene.Chat, Content = "later", SendAt = Later }),
        "reschedule" => person.Messages.RescheduleAsync(scene.Scheduled, new RescheduleRequest { Content = "even later" }),
        "unschedule" => person.Messages.DeleteScheduledAsync(scene.Scheduled),
        "page" => person.Messages.ListAsync(scene.Chat, new PageOf { Limit = 1 }),
        "get" => person.Messages.GetAsync(scene.Message),
        "history" => person.Messages.GetHistoryAsync(scene.Message),
        "receipts" => person.Messages.ListReceiptsAsync(scene.Message),
        "pins" => person.Messages.ListPinsAsync(scene.Chat),
        "scheduled" => person.Messages.ListScheduledAsync(scene.Chat),
        "bookmark" => person.Messages.BookmarkAsync(scene.Message),
        "unbookmark" => person.Messages.UnbookmarkAsync(scene.Message),
        "read" => person.Chats.MarkReadAsync(scene.Chat, scene.Message.Seq),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "There is no such call."),
    };

    private static async Task AssertUnchangedAsync(Person witness, ChatId chat, MessagePage before)
    {
        var after = await witness.Messages.ListAsync(chat);
        Assert.Equal(before.Rev, after.Rev);
        Assert.Equal(before.Items.Select(message => (message.Id, message.Rev, message.Content)), after.Items.Select(message => (message.Id, message.Rev, message.Content)));
    }
}
