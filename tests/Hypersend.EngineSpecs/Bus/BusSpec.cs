using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime;

namespace Hypersend.EngineSpecs.Bus;

/// <summary>
/// IBus: whoever publishes neither waits nor fails; whoever subscribed gets messages one at a time. Which messages may be
/// lost, and that everything ends right all the same, is the hub's to show.
/// </summary>
public abstract class BusSpec : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The same bus as another node sees it; in one process there is no other.</summary>
    private protected abstract Task<IReadOnlyList<IBus>> NodesAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task Every_node_gets_what_any_node_publishes()
    {
        var nodes = await NodesAsync();
        var inboxes = nodes.Select(node => new Inbox(node)).ToArray();
        foreach (var node in nodes)
            node.Publish(Commit(1, 5));
        foreach (var inbox in inboxes)
            await inbox.UntilAsync(nodes.Count);
    }

    [Fact]
    public async Task Messages_of_one_publisher_keep_their_order()
    {
        var nodes = await NodesAsync();
        var inboxes = nodes.Select(node => new Inbox(node)).ToArray();
        for (var rev = 1; rev <= 1_000; rev++)
            nodes[0].Publish(Commit(1, rev));
        foreach (var inbox in inboxes)
        {
            await inbox.UntilAsync(1_000);
            Assert.Equal(Enumerable.Range(1, 1_000).Select(rev => (long)rev), inbox.Messages.Cast<ChatCommit>().Select(commit => commit.HeadRev));
        }
    }

    [Fact]
    public async Task A_receiver_is_called_by_one_at_a_time_however_many_publish()
    {
        var nodes = await NodesAsync();
        var inbox = new Inbox(nodes[^1]);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(chat => Task.Run(() =>
        {
            for (var rev = 1; rev <= 500; rev++)
                nodes[0].Publish(Commit(chat, rev));
        })));

        await inbox.UntilAsync(8 * 500);
        Assert.Equal(1, inbox.MostAtOnce);
        foreach (var chat in inbox.Messages.Cast<ChatCommit>().GroupBy(commit => commit.ChatNo))
            Assert.Equal(Enumerable.Range(1, 500).Select(rev => (long)rev), chat.Select(commit => commit.HeadRev));
    }

    [Fact]
    public async Task Every_kind_of_message_arrives_as_it_was()
    {
        var nodes = await NodesAsync();
        var inbox = new Inbox(nodes[^1]);
        var (user, chat) = (new UserId(new Guid(1, 2, 3, new byte[8])), new ChatId(new Guid(4, 5, 6, new byte[8])));
        nodes[0].Publish(new ChatCommit(7, chat, 3, [new ChatEvent(8, "{\"a\":1}"u8.ToArray())], [new MemberMove(user, In: true, "{}"u8.ToArray())]) { HeadRev = 9, MemberCount = 4, Type = "room" });
        nodes[0].Publish(new ChatNotice(7, user, NoticeKind.Delivered, "{\"b\":2}"u8.ToArray()));
        nodes[0].Publish(new UserNotice(user, "{\"c\":3}"u8.ToArray()));
        nodes[0].Publish(new PersonNotice(user, [7, 8], "{\"d\":4}"u8.ToArray()));

        nodes[0].Publish(new SessionsEnded(user, new SessionId(chat.Value)));
        nodes[0].Publish(new SessionsEnded(user, null));

        await inbox.UntilAsync(6);
        var messages = inbox.Messages;
        var commit = Assert.IsType<ChatCommit>(messages[0]);
        Assert.Equal((7L, chat, 3L, 9L, (int?)4, "room"), (commit.ChatNo, commit.Chat, commit.MembersVersion, commit.HeadRev, commit.MemberCount, commit.Type));
        Assert.Equal((8L, "{\"a\":1}"), (commit.Events[0].Rev, Text(commit.Events[0].Json)));
        Assert.Equal((user, true, "{}"), (commit.Moves[0].User, commit.Moves[0].In, Text(commit.Moves[0].Json)));
        var notice = Assert.IsType<ChatNotice>(messages[1]);
        Assert.Equal((7L, user, NoticeKind.Delivered, "{\"b\":2}"), (notice.ChatNo, notice.From, notice.Kind, Text(notice.Json)));
        var mine = Assert.IsType<UserNotice>(messages[2]);
        Assert.Equal((user, "{\"c\":3}"), (mine.User, Text(mine.Json)));
        var person = Assert.IsType<PersonNotice>(messages[3]);
        Assert.Equal((user, "{\"d\":4}"), (person.User, Text(person.Json)));
        Assert.Equal([7L, 8], person.Chats);
        Assert.Equal([(user, new SessionId(chat.Value)), (user, (SessionId?)null)], messages.OfType<SessionsEnded>().Select(ended => (ended.User, ended.Session)));
    }

    [Fact]
    public async Task A_receiver_that_fails_harms_neither_the_publisher_nor_what_comes_next()
    {
        var nodes = await NodesAsync();
        nodes[^1].Subscribe(_ => throw new InvalidOperationException("A receiver that always fails."));
        var inbox = new Inbox(nodes[^1]);
        nodes[0].Publish(Commit(1, 1));
        nodes[0].Publish(Commit(1, 2));
        await inbox.UntilAsync(2);
    }

    [Fact]
    public async Task What_does_not_fit_is_lost_and_the_bus_goes_on()
    {
        var nodes = await NodesAsync();
        using var gate = new SemaphoreSlim(0);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        nodes[^1].Subscribe(_ =>
        {
            entered.TrySetResult();
            Assert.True(gate.Wait(Patience));
        });
        var inbox = new Inbox(nodes[^1]);
        var publishing = Task.Run(() => nodes[0].Publish(Commit(1, 1)));
        await entered.Task.WaitAsync(Patience);

        // Far more than a bus holds, while nobody takes anything: the publisher is not held up.
        var large = new byte[1024 * 1024];
        await Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
                nodes[0].Publish(new UserNotice(default, large));
        }).WaitAsync(Patience);

        gate.Release(10_000);
        await publishing;

        // What was taken on is on its way first, and may leave no room yet.
        using var late = new CancellationTokenSource(Patience);
        while (!inbox.Messages.OfType<ChatCommit>().Any(commit => commit.HeadRev == 2))
        {
            nodes[0].Publish(Commit(1, 2));
            await Task.Delay(20, late.Token);
        }

        Assert.True(inbox.Messages.OfType<UserNotice>().Count() < 200);
    }

    private static ChatCommit Commit(long chat, long rev) => new(chat, default, 1, [new ChatEvent(rev, "{}"u8.ToArray())], []);

    private static string Text(ReadOnlyMemory<byte> json) => System.Text.Encoding.UTF8.GetString(json.Span);
}
