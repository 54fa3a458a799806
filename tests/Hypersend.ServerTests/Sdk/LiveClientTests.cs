using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.Sdk.Realtime;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Sdk;

/// <summary>The live client against the real server; what it must make of each frame is in tests/traces.</summary>
public sealed class LiveClientTests(App app) : IClassFixture<App>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_people_talk_and_see_the_same()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var (here, there) = (await ana.LiveAsync(), await ben.LiveAsync());

        var sent = await here.SendAsync(Text(chat, "Hello Ben"));
        var seen = await MessageAsync(there, sent.Message!.Id, message => message.Content == "Hello Ben");
        Assert.Equal((1, 0), (there.State.Chats[chat].Mine.Unread, here.State.Chats[chat].Mine.Unread));

        await there.ReactAsync(seen.Id, "👍");
        await here.EditAsync(seen.Id, "Hello, Ben!");
        var changed = await MessageAsync(there, seen.Id, message => message is { Content: "Hello, Ben!", Reactions: [{ Me: true }] });
        Assert.Equal((await ben.Messages.GetAsync(seen.Id)).Rev, changed.Rev);
        there.MarkRead(chat, seen.Seq);
        await here.WhenAsync(state => state.Chats[chat].Peers.GetValueOrDefault(ben.Id)?.Read == seen.Seq).WaitAsync(Patience);
        Assert.Equal((0, 0), await ben.WaitingAsync(chat));

        await here.DeleteAsync(seen.Id);
        Assert.Null((await MessageAsync(there, seen.Id, message => message.DeletedAt is not null)).Content);
    }

    [Fact]
    public async Task What_happened_while_nobody_listened_is_there_after_the_reconnect_and_shown_once()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var wire = new CuttableSockets(() => app.Address);
        var live = await ben.LiveAsync(wire.Options);
        var shown = new Shown(live);
        var first = await ana.SendAsync(chat, "while connected");
        await MessageAsync(live, first.Id, _ => true);

        wire.GoAway();
        await live.WhenAsync(state => state.Status != LiveStatus.Live).WaitAsync(Patience);
        var second = await ana.SendAsync(chat, "while away");
        await ana.Messages.EditAsync(first.Id, "changed while away");
        await ana.Chats.UpdateAsync(chat, new UpdateChatRequest { Name = "renamed while away" });
        var other = await ana.DirectAsync(ben);
        await ana.SendAsync(other, "elsewhere");
        wire.ComeBack();

        var state = await live.WhenAsync(state => state.Status == LiveStatus.Live && state.Chats.ContainsKey(other)).WaitAsync(Patience);
        Assert.Equal("changed while away", state.Chats[chat].Messages[first.Seq].Content);
        Assert.Equal("while away", state.Chats[chat].Messages[second.Seq].Content);
        Assert.Equal(("renamed while away", 2L), (state.Chats[chat].Chat.Name, state.Chats[chat].Mine.Unread));
        Assert.Equal("elsewhere", Assert.Single(state.Chats[other].Newest).Content);
        Assert.Equal(2, wire.Opened);
        Assert.Empty(shown.Twice);
    }

    [Fact]
    public async Task The_outbox_keeps_its_order_and_sends_once_whatever_the_network_does()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var (chat, other) = (await ana.DirectAsync(ben), await app.GroupAsync(ana, ben));
        var wire = new CuttableSockets(() => app.Address);
        var live = await ana.LiveAsync(wire.Options);
        for (var i = 0; i < 100; i++)
        {
            live.Send(Text(i % 3 == 0 ? other : chat, $"message {i}"));
            if (i % 20 == 19)
                wire.Cut();
        }

        await live.WhenAsync(state => state.Outbox.IsEmpty).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 100).Where(i => i % 3 != 0).Select(i => $"message {i}"), (await ben.HistoryAsync(chat, new() { Limit = 200 })).Select(message => message.Content));
        Assert.Equal(
            Enumerable.Range(0, 100).Where(i => i % 3 == 0).Select(i => $"message {i}"),
            (await ben.HistoryAsync(other, new() { Limit = 200 })).Where(message => message.Type == MessageTypes.Text).Select(message => message.Content));
    }

    [Fact]
    public async Task A_refused_message_stops_its_chat_and_no_other()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var (chat, other) = (await ana.DirectAsync(ben), await app.GroupAsync(ana, ben));
        var live = await ana.LiveAsync();
        await ben.Users.BlockAsync(ana.Id);

        var refusal = await Assert.ThrowsAsync<HypersendException>(() => live.SendAsync(Text(chat, "blocked") with { ClientId = "b-1" }));
        live.Send(Text(chat, "behind it"));
        await live.SendAsync(Text(other, "elsewhere"));

        Assert.Equal(ErrorCodes.Blocked, refusal.Code);
        Assert.Equal([SendState.Failed, SendState.Sending], live.State.Outbox.Select(message => message.State));
        await ben.Users.UnblockAsync(ana.Id);
        Assert.True(live.Retry("b-1"));
        await live.WhenAsync(state => state.Outbox.IsEmpty).WaitAsync(Patience);
        Assert.Equal(["blocked", "behind it"], (await ben.HistoryAsync(chat)).Select(message => message.Content));
    }

    [Fact]
    public async Task Every_naughty_string_goes_through_the_socket_byte_for_byte()
    {
        using var data = Hypersend.Tests.SharedData.Json("naughty-strings.json");
        string[] texts = [.. data.RootElement.EnumerateArray().Select(entry => entry.GetString()!).Where(text => !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal))];
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var (here, there) = (await ana.LiveAsync(), await ben.LiveAsync());

        foreach (var text in texts)
            here.Send(Text(chat, text));

        var state = await there.WhenAsync(state => state.Chats[chat].Chat.LastSeq == texts.Length).WaitAsync(Patience);
        Assert.Equal(texts, state.Chats[chat].Newest.Select(message => message.Content));
    }

    [Fact]
    public async Task Ten_thousand_characters_go_through_the_socket_and_a_megabyte_does_not_end_it()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var live = await ana.LiveAsync();
        var longest = string.Concat(Enumerable.Repeat("\U0001F44D", SendMessageRequest.MaxContent));

        Assert.Equal(longest, (await live.SendAsync(Text(chat, longest))).Message!.Content);
        var refusal = await Assert.ThrowsAsync<HypersendException>(() => live.SendAsync(Text(chat, longest + "a") with { ClientId = "long" }));
        Assert.Equal(ErrorCodes.ValidationFailed, refusal.Code);
        live.Discard("long");
        await live.SendAsync(Text(chat, "after"));
        Assert.Equal([longest, "after"], (await ben.HistoryAsync(chat)).Select(message => message.Content));
    }

    [Fact]
    public async Task A_session_that_ends_elsewhere_ends_the_live_client_too()
    {
        var ana = await app.SignUpAsync("ana");
        var live = await ana.LiveAsync();
        await (await app.SignInAsync(ana)).Accounts.LogoutAllAsync();
        var state = await live.WhenAsync(state => state.Status == LiveStatus.Ended).WaitAsync(Patience);
        Assert.Equal(LiveEnding.NotAuthenticated, state.Ending);
        await Assert.ThrowsAsync<LiveEndedException>(() => live.SendAsync(Text(new ChatId(ana.Id.Value), "too late")));
    }

    [Fact]
    public async Task Settings_and_read_marks_reach_my_other_devices()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var message = await ben.SendAsync(chat, "unread");
        var (phone, desk) = (await ana.LiveAsync(), await (await app.SignInAsync(ana)).LiveAsync());
        Assert.Equal(1, desk.State.Chats[chat].Mine.Unread);

        phone.MarkRead(chat, message.Seq);
        await ana.Chats.UpdateSettingsAsync(chat, new ChatSettingsRequest { Pinned = true, Draft = new("half a") });

        var state = await desk.WhenAsync(state => state.Chats[chat].Mine is { Unread: 0, Pinned: true }).WaitAsync(Patience);
        Assert.Equal((message.Seq, "half a"), (state.Chats[chat].Mine.ReadSeq, state.Chats[chat].Mine.Draft));
    }

    [Fact]
    public async Task Who_comes_into_a_chat_has_it_at_once_and_who_is_out_loses_it()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var live = await ben.LiveAsync();
        var chat = await app.GroupAsync(ana);
        await ana.SendAsync(chat, "before ben");

        await ana.Chats.AddMembersAsync(chat, [ben.Id]);
        var state = await live.WhenAsync(state => state.Chats.TryGetValue(chat, out var there) && there.Members?.Count == 2 && there.Newest.Count == 3).WaitAsync(Patience);
        Assert.Equal("before ben", state.Chats[chat].Newest[1].Content);
        await ana.SendAsync(chat, "with ben");
        await live.WhenAsync(state => state.Chats[chat].Mine.Unread >= 1).WaitAsync(Patience);
        Assert.Equal(await ben.WaitingAsync(chat), (live.State.Chats[chat].Mine.Unread, live.State.Chats[chat].Mine.Mentions));

        await ana.Chats.RemoveMemberAsync(chat, ben.Id);
        await live.WhenAsync(state => !state.Chats.ContainsKey(chat) && state.Removed.Contains(chat)).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_server_that_restarts_is_found_again_by_itself()
    {
        await using var own = await App.StartAsync();
        var (ana, ben) = (await own.SignUpAsync("ana"), await own.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var live = await ana.LiveAsync(new LiveOptions { FirstRetry = TimeSpan.FromMilliseconds(10), LongestRetry = TimeSpan.FromMilliseconds(200) });
        await own.StopAsync();
        live.Send(Text(chat, "while it was down"));
        await own.StartAgainAsync();

        await live.WhenAsync(state => state.Status == LiveStatus.Live && state.Outbox.IsEmpty).WaitAsync(Patience);
        Assert.Equal(["while it was down"], (await ben.HistoryAsync(chat)).Select(message => message.Content));
    }

    private static SendMessageRequest Text(ChatId chat, string content) => new() { ChatId = chat, Content = content };

    private static async Task<Message> MessageAsync(LiveClient live, MessageId id, Func<Message, bool> wish) =>
        (await live.WhenAsync(state => state.Chats.TryGetValue(id.Chat, out var chat) && chat.Messages.TryGetValue(id.Seq, out var message) && wish(message)).WaitAsync(Patience))
        .Chats[id.Chat].Messages[id.Seq];
}
