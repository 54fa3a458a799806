using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Messages;

/// <summary>Messages that refer to others: answers, threads, forwarded words.</summary>
public sealed class ThreadTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_message_that_says_nothing_but_a_file_cannot_be_passed_on_when_the_file_is_gone()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var file = await ana.SendFileAsync(chat);
        var message = (await ana.HistoryAsync(chat))[^1];
        await ana.Files.DeleteAsync(file);

        await ana.SendAsync(new SendMessageRequest { ChatId = chat, ForwardOf = message.Id }).RefusedAsync(410, ErrorCodes.FileGone);
    }

    [Fact]
    public async Task A_thread_counts_its_answers_and_an_answer_to_an_answer_is_in_it_too()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var root = await ana.SendAsync(chat, "Where do we eat?");

        var first = await ben.SendAsync(chat, "Here", thread: root.Id);
        var second = await ana.SendAsync(chat, "There", thread: first.Id, replyTo: first.Id);

        Assert.Equal((root.Id, root.Id), (first.Thread, second.Thread));
        Assert.Equal(first.Id, second.ReplyTo);
        var counted = await ben.Messages.GetAsync(root.Id);
        Assert.Equal(2, counted.ThreadCount);
        Assert.True(counted.Rev > second.Rev, "the count is a visible change of its own");
        Assert.Equal(["Here", "There"], (await ana.HistoryAsync(chat, new() { Thread = root.Id })).Select(message => message.Content));
    }

    [Fact]
    public async Task An_answer_leads_to_the_whole_thread_it_is_in()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var root = await ana.SendAsync(chat, "Where do we eat?");
        var first = await ben.SendAsync(chat, "Here", thread: root.Id);
        await ana.SendAsync(chat, "something else");
        await ana.SendAsync(chat, "There", thread: root.Id);

        Assert.Equal(["Here", "There"], (await ana.HistoryAsync(chat, new() { Thread = first.Id })).Select(message => message.Content));
        await ana.HistoryAsync(chat, new() { Thread = new MessageId(chat, 99) }).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task A_deleted_answer_is_not_counted_and_the_others_hear_of_the_new_count()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var root = await ana.SendAsync(chat, "Where do we eat?");
        var answer = await ben.SendAsync(chat, "Here", thread: root.Id);
        await ana.SendAsync(chat, "There", thread: answer.Id);
        await using var socket = await SocketClient.OpenAsync(app, ana);

        await ben.Messages.DeleteAsync(answer.Id);
        await ben.Messages.DeleteAsync(answer.Id);
        var counted = (await socket.NextAsync("message.updated"))["message"]!;
        Assert.Equal((root.Id.ToString(), 1), ((string?)counted["id"], (int)counted["thread_count"]!));
        Assert.Equal(1, (await ana.Messages.GetAsync(root.Id)).ThreadCount);
        await ana.Messages.DeleteAsync(root.Id);
        await ana.SendAsync(chat, "Nowhere", thread: root.Id);
        Assert.Equal(2, (await ana.Messages.GetAsync(root.Id)).ThreadCount);
    }

    [Fact]
    public async Task Many_answers_at_once_are_all_counted()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var root = await ana.SendAsync(chat, "Who comes?");
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? ana : ben).SendAsync(chat, "me", thread: root.Id)));
        Assert.Equal(40, (await ana.Messages.GetAsync(root.Id)).ThreadCount);
    }

    [Fact]
    public async Task References_lead_to_messages_of_the_same_chat_only()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var (chat, other) = (await app.GroupAsync(ana, ben), await app.GroupAsync(ana, ben));
        var elsewhere = await ana.SendAsync(other, "elsewhere");
        var last = await ana.SendAsync(chat, "here");

        await ana.SendAsync(chat, "x", replyTo: elsewhere.Id).RefusedAsync(422, ErrorCodes.UnknownReference);
        await ana.SendAsync(chat, "x", thread: elsewhere.Id).RefusedAsync(422, ErrorCodes.UnknownReference);

        // A number that is not taken yet must not become a reference to whatever will have it.
        await ana.SendAsync(chat, "x", replyTo: new MessageId(chat, last.Seq + 1)).RefusedAsync(422, ErrorCodes.UnknownReference);
        await ana.SendAsync(chat, "x", thread: new MessageId(chat, last.Seq + 1)).RefusedAsync(422, ErrorCodes.UnknownReference);
    }

    [Fact]
    public async Task Who_may_not_see_what_was_written_before_cannot_refer_to_it()
    {
        var (ana, ben, cat) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("cat"));
        var chat = await app.GroupAsync(ana, ben);
        await ana.Chats.UpdateAsync(chat, new UpdateChatRequest { Permissions = new ChatPermissions { History = false } });
        var secret = await ana.SendAsync(chat, "before cat");
        await ana.Chats.AddMembersAsync(chat, [cat.Id]);
        var mine = await app.GroupAsync(cat);

        await cat.Messages.GetAsync(secret.Id).RefusedAsync(404, ErrorCodes.NotFound);
        await cat.SendAsync(chat, "x", replyTo: secret.Id).RefusedAsync(422, ErrorCodes.UnknownReference);
        await cat.SendAsync(chat, "x", thread: secret.Id).RefusedAsync(422, ErrorCodes.UnknownReference);
        await cat.SendAsync(new SendMessageRequest { ChatId = mine, ForwardOf = secret.Id }).RefusedAsync(422, ErrorCodes.UnknownReference);
        Assert.DoesNotContain("before cat", (await cat.HistoryAsync(chat)).Select(message => message.Content));
    }

    [Fact]
    public async Task Forwarding_copies_the_words_and_names_their_first_author()
    {
        var (ana, ben, cat) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("cat"));
        var (from, to) = (await ana.DirectAsync(ben), await app.GroupAsync(ben, cat));
        var original = await ana.SendAsync(from, "Pass it on");

        var forwarded = await ben.SendAsync(new SendMessageRequest { ChatId = to, ForwardOf = original.Id });
        var again = await cat.SendAsync(new SendMessageRequest { ChatId = await app.GroupAsync(cat), ForwardOf = forwarded.Id });

        Assert.Equal(("Pass it on", original.Id, ana.Id, ben.Id), (forwarded.Content, forwarded.ForwardedFrom, forwarded.ForwardedSender!.Id, forwarded.Sender.Id));
        Assert.Equal(("Pass it on", original.Id, ana.Id, cat.Id), (again.Content, again.ForwardedFrom, again.ForwardedSender!.Id, again.Sender.Id));
        await ana.Messages.EditAsync(original.Id, "Changed");
        Assert.Equal("Pass it on", (await cat.Messages.GetAsync(forwarded.Id)).Content);
    }

    [Fact]
    public async Task Only_what_is_there_and_what_one_sees_can_be_forwarded()
    {
        var (ana, ben, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("eve"));
        var (chat, mine) = (await ana.DirectAsync(ben), await app.GroupAsync(eve));
        var message = await ana.SendAsync(chat, "not for eve");
        var group = await app.GroupAsync(ana);
        var system = Assert.Single(await ana.HistoryAsync(group));

        await eve.SendAsync(new SendMessageRequest { ChatId = mine, ForwardOf = message.Id }).RefusedAsync(422, ErrorCodes.UnknownReference);
        await ana.SendAsync(new SendMessageRequest { ChatId = chat, ForwardOf = system.Id }).RefusedAsync(422, ErrorCodes.UnknownReference);
        await ana.Messages.DeleteAsync(message.Id);
        await ben.SendAsync(new SendMessageRequest { ChatId = chat, ForwardOf = message.Id }).RefusedAsync(422, ErrorCodes.UnknownReference);
    }
}
