using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Messages;

/// <summary>Messages with a time of their own: sent later, gone after a while. The clock is moved; late ones are done at the start.</summary>
public sealed class ScheduledTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task What_waits_is_seen_by_its_sender_alone_and_sent_once_though_the_server_was_down_at_its_time()
    {
        await using var app = await App.StartAsync(_clock);
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var first = await ana.SendAsync(chat, "now");
        var late = await ScheduleAsync(ana, chat, "later", TimeSpan.FromHours(1));
        var later = await ScheduleAsync(ana, chat, "much later", TimeSpan.FromDays(3));
        await ana.Messages.RescheduleAsync(late, new RescheduleRequest { Content = "later, in other words" });

        Assert.Equal(["later, in other words", "much later"], (await ana.Messages.ListScheduledAsync(chat)).Items.Select(waiting => waiting.Content));
        Assert.Empty((await ben.Messages.ListScheduledAsync(chat)).Items);
        Assert.Single(await ben.HistoryAsync(chat));
        await app.StopAsync();
        _clock.Advance(TimeSpan.FromHours(2));
        await app.StartAgainAsync();

        var live = await ben.LiveAsync();
        var state = await live.WhenAsync(state => state.Chats[chat].Chat.LastSeq == 2).WaitAsync(Patience);
        Assert.Equal("later, in other words", state.Chats[chat].Messages[2].Content);
        Assert.Equal(_clock.GetUtcNow(), state.Chats[chat].Messages[2].CreatedAt);
        Assert.Equal([later], (await ana.Messages.ListScheduledAsync(chat)).Items.Select(waiting => waiting.ScheduledId));
        await ana.Messages.RescheduleAsync(late, new RescheduleRequest { Content = "too late" }).RefusedAsync(404, ErrorCodes.NotFound);
        await app.RestartAsync();
        Assert.Equal(["now", "later, in other words"], (await ben.HistoryAsync(chat)).Select(message => message.Content));
        Assert.Equal(first.Seq + 1, (await ben.Chats.GetAsync(chat)).LastSeq);
    }

    [Fact]
    public async Task What_was_taken_back_or_put_off_is_not_sent()
    {
        await using var app = await App.StartAsync(_clock);
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var taken = await ScheduleAsync(ana, chat, "taken back", TimeSpan.FromHours(1));
        var put = await ScheduleAsync(ana, chat, "put off", TimeSpan.FromHours(1));
        await ScheduleAsync(ana, chat, "sent", TimeSpan.FromHours(1.5));
        await ana.Messages.DeleteScheduledAsync(taken);
        await ana.Messages.RescheduleAsync(put, new RescheduleRequest { SendAt = _clock.GetUtcNow().AddDays(5) });
        await ana.Messages.DeleteScheduledAsync(taken).RefusedAsync(404, ErrorCodes.NotFound);
        await ben.Messages.DeleteScheduledAsync(put).RefusedAsync(404, ErrorCodes.NotFound);
        await app.StopAsync();
        _clock.Advance(TimeSpan.FromDays(1));
        await app.StartAgainAsync();

        await (await ben.LiveAsync()).WhenAsync(state => state.Chats.TryGetValue(chat, out var there) && there.Chat.LastSeq > 0).WaitAsync(Patience);
        Assert.Equal(["sent"], (await ben.HistoryAsync(chat)).Select(message => message.Content));
        Assert.Equal([put], (await ana.Messages.ListScheduledAsync(chat)).Items.Select(waiting => waiting.ScheduledId));
    }

    [Fact]
    public async Task What_may_not_be_sent_when_its_time_comes_says_why_and_can_be_tried_again()
    {
        await using var app = await App.StartAsync(_clock);
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var (chat, group) = (await ana.DirectAsync(ben), await app.GroupAsync(ben, ana));
        await ana.SendAsync(chat, "before");
        await ScheduleAsync(ana, chat, "blocked by then", TimeSpan.FromHours(1));
        await ScheduleAsync(ana, group, "out by then", TimeSpan.FromHours(1));
        await ScheduleAsync(ben, chat, "the proof that they were tried", TimeSpan.FromHours(1));
        await ben.Users.BlockAsync(ana.Id);
        await ben.Chats.RemoveMemberAsync(group, ana.Id);
        await app.StopAsync();
        _clock.Advance(TimeSpan.FromHours(2));
        await app.StartAgainAsync();

        await (await ana.LiveAsync()).WhenAsync(state => state.Chats[chat].Chat.LastSeq == 2).WaitAsync(Patience);
        var failed = Assert.Single((await ana.Messages.ListScheduledAsync(chat)).Items);
        Assert.Equal(ErrorCodes.Blocked, failed.FailedCode);
        Assert.Equal(["chat_created"], (await ben.HistoryAsync(group)).Select(message => message.System?.Event).Where(happened => happened == "chat_created" || happened is null));
        await ben.Users.UnblockAsync(ana.Id);
        var again = await ana.Messages.RescheduleAsync(failed.ScheduledId, new RescheduleRequest { SendAt = _clock.GetUtcNow() });
        Assert.Null(again.FailedCode);
        await (await ana.LiveAsync()).WhenAsync(state => state.Chats[chat].Chat.LastSeq == 3).WaitAsync(Patience);
        Assert.Empty((await ana.Messages.ListScheduledAsync(chat)).Items);
    }

    [Fact]
    public async Task A_client_id_schedules_once()
    {
        await using var app = await App.StartAsync(_clock);
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var request = new SendMessageRequest { ChatId = chat, Content = "once", ClientId = "c", SendAt = _clock.GetUtcNow().AddHours(1) };
        var (first, second) = (await ana.Messages.SendAsync(request), await ana.Messages.SendAsync(request));
        Assert.Equal(first.Scheduled, second.Scheduled);
        Assert.Null(first.Message);
        Assert.Single((await ana.Messages.ListScheduledAsync(chat)).Items);
    }

    [Fact]
    public async Task Times_that_cannot_be_meant_are_refused()
    {
        await using var app = await App.StartAsync(_clock);
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        foreach (var ahead in new[] { TimeSpan.FromMinutes(-5), TimeSpan.FromDays(400) })
            await ScheduleAsync(ana, chat, "never", ahead).RefusedAsync(422, ErrorCodes.ValidationFailed);
        var waiting = await ScheduleAsync(ana, chat, "later", TimeSpan.FromDays(300));
        await ana.Messages.RescheduleAsync(waiting, new RescheduleRequest { Content = " " }).RefusedAsync(422, ErrorCodes.EmptyMessage);
        await ana.Messages.RescheduleAsync(waiting, new RescheduleRequest { SendAt = _clock.GetUtcNow().AddDays(-1) }).RefusedAsync(422, ErrorCodes.ValidationFailed);
    }

    [Fact]
    public async Task A_message_that_destroys_itself_is_gone_for_everybody_and_takes_its_badge_with_it()
    {
        await using var app = await App.StartAsync(_clock);
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var kept = await ana.SendAsync(chat, "kept");
        var secret = await ana.SendAsync(new SendMessageRequest { ChatId = chat, Content = "@" + ben.Username + " burn this", ExpiresIn = 60 });
        await ben.Messages.ReactAsync(secret.Id, "👍");
        var live = await ben.LiveAsync();
        Assert.Equal((2, 1), (live.State.Chats[chat].Mine.Unread, live.State.Chats[chat].Mine.Mentions));

        // Even before the sweeper has come by, nobody reads it any more.
        _clock.Advance(TimeSpan.FromSeconds(61));
        var gone = await ben.Messages.GetAsync(secret.Id);
        Assert.Equal((null, secret.ExpiresAt), (gone.Content, gone.ExpiresAt));
        Assert.NotNull(gone.DeletedAt);
        Assert.Empty(gone.Reactions);
        await ana.Messages.EditAsync(secret.Id, "back").RefusedAsync(409, ErrorCodes.MessageDeleted);
        await ana.Messages.GetHistoryAsync(secret.Id).RefusedAsync(409, ErrorCodes.MessageDeleted);
        await ana.SendAsync(new SendMessageRequest { ChatId = chat, ForwardOf = secret.Id }).RefusedAsync(422, ErrorCodes.UnknownReference);

        // A message with a nearer end wakes it.
        await ana.SendAsync(new SendMessageRequest { ChatId = chat, Content = "short", ExpiresIn = 1 });
        _clock.Advance(TimeSpan.FromSeconds(2));
        await app.RestartAsync();
        live = await ben.LiveAsync();
        await live.WhenAsync(state => state.Chats[chat].Mine is { Unread: 1, Mentions: 0 }).WaitAsync(Patience);
        Assert.Equal(["kept", null, null], (await ben.HistoryAsync(chat)).Select(message => message.Content));
        Assert.Equal(kept.Seq + 2, (await ben.Chats.GetAsync(chat)).LastSeq);
        Assert.Equal((1, 0), await ben.WaitingAsync(chat));
    }

    [Fact]
    public async Task An_answer_that_destroys_itself_is_no_longer_counted_in_its_thread()
    {
        await using var app = await App.StartAsync(_clock);
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var root = await ana.SendAsync(chat, "Where?");
        await ben.SendAsync(new SendMessageRequest { ChatId = chat, Content = "Here", Thread = root.Id, ExpiresIn = 60 });
        await ben.SendAsync(new SendMessageRequest { ChatId = chat, Content = "There", Thread = root.Id });
        _clock.Advance(TimeSpan.FromSeconds(61));
        await app.RestartAsync();
        await (await ana.LiveAsync()).WhenAsync(state => state.Chats[chat].Chat.Rev == 8).WaitAsync(Patience);
        Assert.Equal(1, (await ana.Messages.GetAsync(root.Id)).ThreadCount);
    }

    private async Task<ScheduledId> ScheduleAsync(Person person, ChatId chat, string content, TimeSpan ahead)
    {
        var sent = await person.Messages.SendAsync(new SendMessageRequest { ChatId = chat, Content = content, SendAt = _clock.GetUtcNow() + ahead });
        Assert.Equal((content, _clock.GetUtcNow() + ahead, (string?)null), (sent.Scheduled!.Content, sent.Scheduled.SendAt, sent.Scheduled.FailedCode));
        return sent.Scheduled.ScheduledId;
    }
}
