using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime;
using Hypersend.Server.Realtime.Fanout;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.Tests.Realtime;

public sealed class LiveHubTests
{
    private const long One = 7;
    private const long Two = 8;

    private static readonly UserId Ana = Of(1);
    private static readonly UserId Bela = Of(2);
    private static readonly UserId Carl = Of(3);

    private readonly FakeChats _chats = new();
    private readonly LiveHub _hub;

    public LiveHubTests() => _hub = new LiveHub(_chats, TimeProvider.System, NullLogger<LiveHub>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_in_a_chat_hears_its_commits_in_their_order()
    {
        var chat = _chats.Add(One, Ana, Bela);
        _chats.Add(Two, Carl);
        var (ana, bela, carl) = (await EnterAsync(Ana), await EnterAsync(Bela), await EnterAsync(Carl));
        for (var i = 0; i < 20; i++)
            _hub.Receive(_chats.Commit(One, events: 3));

        await Task.WhenAll(ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 60), bela.UntilAsync(ear => ear.Revs(chat.Id).Count == 60));
        Assert.Equal(Enumerable.Range(2, 60).Select(rev => (long)rev), ana.Revs(chat.Id));
        Assert.Equal(ana.Revs(chat.Id), bela.Revs(chat.Id));
        Assert.Empty(carl.Heard);
        Assert.Equal(0, _chats.Repairs);
    }

    [Fact]
    public async Task Commits_that_wait_together_leave_as_one_frame()
    {
        var chat = _chats.Add(One, Ana, Bela);
        var (ana, slow) = (await EnterAsync(Ana), new Blocker(Bela));
        _hub.Enter(slow);
        await _hub.SitAsync(slow, [_chats.Listened(One)], Cancellation);

        _hub.Receive(_chats.Commit(One, events: 1));
        await slow.Entered;
        for (var i = 0; i < 20; i++)
            _hub.Receive(_chats.Commit(One, events: 2));
        slow.Release();

        await ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 41);
        Assert.Equal(2, ana.Frames);
    }

    [Fact]
    public async Task A_hole_that_does_not_close_is_mended_from_the_database()
    {
        var chat = _chats.Add(One, Ana);
        var ana = await EnterAsync(Ana);
        _hub.Receive(_chats.Commit(One, events: 1));
        _chats.Commit(One, events: 2);
        _hub.Receive(_chats.Commit(One, events: 1));

        await ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 4);
        Assert.Equal([2L, 3, 4, 5], ana.Revs(chat.Id));
        Assert.Equal(1, _chats.Repairs);
    }

    [Fact]
    public async Task A_hole_that_closes_by_itself_costs_no_query()
    {
        var chat = _chats.Add(One, Ana);
        var ana = await EnterAsync(Ana);
        var commits = Enumerable.Range(0, 10).Select(_ => _chats.Commit(One, events: 2)).Reverse().ToList();
        foreach (var commit in commits)
            _hub.Receive(commit);

        await ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 20);
        Assert.Equal(Enumerable.Range(2, 20).Select(rev => (long)rev), ana.Revs(chat.Id));
        Assert.Equal(0, _chats.Repairs);
    }

    [Fact]
    public async Task What_the_bus_lost_at_the_end_is_found_by_the_head()
    {
        var chat = _chats.Add(One, Ana);
        var ana = await EnterAsync(Ana);
        _chats.Commit(One, events: 3);
        _hub.Look(_chats.Heads());

        await ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 3);
    }

    [Fact]
    public async Task Too_much_to_mend_is_told_and_what_comes_after_it_is_heard()
    {
        var chat = _chats.Add(One, Ana);
        var ana = await EnterAsync(Ana);
        _chats.HasTooMany = true;
        _chats.Commit(One, events: 3);
        _hub.Look(_chats.Heads());

        await ana.UntilAsync(ear => ear.Resyncs == 1);
        _hub.Receive(_chats.Commit(One, events: 1));
        await ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 1);
        Assert.Equal([5L], ana.Revs(chat.Id));
    }

    [Fact]
    public async Task Who_is_removed_hears_that_and_nothing_more()
    {
        var chat = _chats.Add(One, Ana, Bela);
        var (ana, bela) = (await EnterAsync(Ana), await EnterAsync(Bela));
        _hub.Receive(_chats.Commit(One, events: 1));
        _hub.Receive(_chats.Commit(One, events: 1, left: [Bela]));
        _hub.Receive(_chats.Commit(One, events: 1));

        await ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 3);
        Assert.Equal(["message", "chat.removed"], bela.Heard.Select(one => (string?)one["type"]));
        Assert.False(bela.HasSeat(One));
    }

    [Fact]
    public async Task Who_comes_in_hears_that_first_and_then_everything()
    {
        var chat = _chats.Add(One, Ana);
        var (ana, bela) = (await EnterAsync(Ana), await EnterAsync(Bela));
        _hub.Receive(_chats.Commit(One, events: 2, joined: [Bela]));
        _hub.Receive(_chats.Commit(One, events: 1));

        await Task.WhenAll(ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 3), bela.UntilAsync(ear => ear.Revs(chat.Id).Count == 1));
        Assert.Equal(["chat.created", "message"], bela.Heard.Select(one => (string?)one["type"]));
        Assert.Equal([4L], bela.Revs(chat.Id));
    }

    [Fact]
    public async Task A_chat_that_begins_finds_its_listeners()
    {
        var (ana, bela) = (await EnterAsync(Ana), await EnterAsync(Bela));
        var chat = _chats.Add(One);
        _hub.Receive(_chats.Commit(One, events: 1, joined: [Ana, Bela]));
        _hub.Receive(_chats.Commit(One, events: 1));

        await Task.WhenAll(ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 1), bela.UntilAsync(ear => ear.Revs(chat.Id).Count == 1));
        Assert.Equal(["chat.created", "message"], ana.Heard.Select(one => (string?)one["type"]));
    }

    [Fact]
    public async Task Who_comes_in_quietly_is_heard_of_by_nobody_else()
    {
        var chat = _chats.Add(One, Ana);
        var (ana, bela) = (await EnterAsync(Ana), await EnterAsync(Bela));
        _hub.Receive(_chats.Commit(One, events: 0, joined: [Bela]));
        _hub.Receive(_chats.Commit(One, events: 1));

        await Task.WhenAll(ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 1), bela.UntilAsync(ear => ear.Revs(chat.Id).Count == 1));
        Assert.Single(ana.Heard);
        Assert.Equal(["chat.created", "message"], bela.Heard.Select(one => (string?)one["type"]));
    }

    [Fact]
    public async Task A_leave_that_the_bus_lost_is_found_by_the_version_before_the_next_event()
    {
        var chat = _chats.Add(One, Ana, Bela);
        var (ana, bela) = (await EnterAsync(Ana), await EnterAsync(Bela));
        _chats.Commit(One, events: 0, left: [Bela]);
        _chats.Commit(One, events: 0, joined: [Carl]);
        _hub.Receive(_chats.Commit(One, events: 1));

        await ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 1);
        Assert.Equal(["chat.removed"], bela.Heard.Select(one => (string?)one["type"]));
    }

    [Fact]
    public async Task While_the_members_cannot_be_read_nobody_hears_what_may_not_be_theirs()
    {
        var chat = _chats.Add(One, Ana, Bela);
        var (ana, bela) = (await EnterAsync(Ana), await EnterAsync(Bela));
        _chats.IsAway = true;
        _chats.Commit(One, events: 1, left: [Bela]);
        _chats.Commit(One, events: 1, joined: [Carl]);
        _hub.Receive(_chats.Commit(One, events: 1));
        await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
        Assert.Empty(ana.Heard);
        Assert.Empty(bela.Heard);

        _chats.IsAway = false;
        await ana.UntilAsync(ear => ear.Revs(chat.Id).Count == 3);
        Assert.Equal([2L, 3, 4], ana.Revs(chat.Id));
        Assert.Equal(["chat.removed"], bela.Heard.Select(one => (string?)one["type"]));
    }

    [Fact]
    public async Task A_seat_taken_on_an_old_list_of_members_is_asked_for_again()
    {
        var old = _chats.Add(One, Ana, Bela);
        var ana = await EnterAsync(Ana);
        _hub.Receive(_chats.Commit(One, events: 1, left: [Bela]));
        await ana.UntilAsync(ear => ear.Revs(old.Id).Count == 1);

        var bela = new Ear(Bela);
        _hub.Enter(bela);
        await _hub.SitAsync(bela, [old], Cancellation);
        Assert.False(bela.HasSeat(One));

        var again = new Ear(Ana);
        _hub.Enter(again);
        await _hub.SitAsync(again, [old], Cancellation);
        Assert.True(again.HasSeat(One));
    }

    [Fact]
    public async Task Passing_things_go_to_all_but_the_one_they_come_from()
    {
        var chat = _chats.Add(One, Ana, Bela);
        var (ana, bela) = (await EnterAsync(Ana), await EnterAsync(Bela));
        _hub.Receive(new ChatNotice(One, Ana, NoticeKind.Typing, """{"type":"typing"}"""u8.ToArray()));
        _hub.Receive(new UserNotice(Ana, """{"type":"chat.settings"}"""u8.ToArray()));
        _hub.Receive(new PersonNotice(Bela, [One, Two], """{"type":"user.updated"}"""u8.ToArray()));
        _hub.Receive(_chats.Commit(One, events: 1));

        // What is about a person is told on a thread of its own: it may come after the message.
        await Task.WhenAll(ana.UntilAsync(ear => ear.Heard.Count == 3), bela.UntilAsync(ear => ear.Heard.Count == 3));
        Assert.Equal(["chat.settings", "message", "user.updated"], ana.Heard.Select(one => (string)one["type"]!).Order());
        Assert.Equal(["message", "typing", "user.updated"], bela.Heard.Select(one => (string)one["type"]!).Order());
    }

    [Fact]
    public async Task What_nobody_listens_to_is_not_kept()
    {
        _chats.Add(One, Ana);
        var ana = await EnterAsync(Ana);
        Assert.Equal(1, _hub.ChannelCount);
        _hub.Exit(ana);
        Assert.Equal(0, _hub.ChannelCount);
        Assert.Empty(_hub.ListenersOf(Ana));
        _hub.Receive(_chats.Commit(One, events: 1));
        Assert.True(_hub.IsQuiet);
    }

    private async Task<Ear> EnterAsync(UserId user)
    {
        var ear = new Ear(user);
        _hub.Enter(ear);
        await _hub.SitAsync(ear, await _chats.ChatsOfAsync(user, Cancellation), Cancellation);
        return ear;
    }

    private static UserId Of(int number) => new(new Guid(number, 0, 0, new byte[8]));

    /// <summary>Holds up the thread that hands out events, as nothing real does.</summary>
    private sealed class Blocker(UserId user) : Listener(user, default, only: null)
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isReleased;

        public Task Entered => _entered.Task;

        public void Release() => Volatile.Write(ref _isReleased, true);

        public override void Hear(Seat seat, EventBatch batch)
        {
            _entered.TrySetResult();
            SpinWait.SpinUntil(() => Volatile.Read(ref _isReleased), TimeSpan.FromSeconds(60));
        }

        public override void Tell(OutFrame frame)
        {
        }

        public override void Resync()
        {
        }

        public override void EndSession()
        {
        }
    }
}
