using System.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Push;

namespace Hypersend.Tests.Features.Push;

public sealed class PushQueueTests
{
    private readonly ManualClock _clock = new();
    private readonly SubscriptionId _phone = NewDevice();
    private readonly SubscriptionId _laptop = NewDevice();
    private readonly ChatId _family = NewChat();
    private readonly ChatId _work = NewChat();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pushes_go_in_the_order_in_which_they_came()
    {
        var queue = new PushQueue(_clock);
        queue.TryAdd(Job(_phone, _family, "1"));
        queue.TryAdd(Job(_laptop, _family, "2"));
        queue.TryAdd(Job(_phone, _work, "3"));

        Assert.Equal(["1", "2", "3"], [await NextAsync(queue), await NextAsync(queue), await NextAsync(queue)]);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task Of_one_device_and_one_chat_only_the_newest_waits_and_it_keeps_the_first_one_s_place_and_tries()
    {
        var queue = new PushQueue(_clock);
        queue.TryAdd(Job(_phone, _family, "old") with { Tries = 2 });
        queue.TryAdd(Job(_laptop, _family, "another device"));
        queue.TryAdd(Job(_phone, _family, "new"));

        Assert.Equal(2, queue.Count);
        var first = await queue.TakeAsync(Cancellation);
        Assert.Equal(("new", 2), (Encoding.UTF8.GetString(first.Text), first.Tries));
        Assert.Equal("another device", await NextAsync(queue));
    }

    [Fact]
    public async Task What_clears_takes_the_place_of_what_it_would_have_taken_away()
    {
        var queue = new PushQueue(_clock);
        queue.TryAdd(Job(_phone, _family, "message") with { ChatNo = 1, Shows = 7 });
        queue.TryAdd(Job(_phone, _family, "clear") with { ChatNo = 1, Clears = 7 });

        var only = await queue.TakeAsync(Cancellation);

        Assert.Equal(("clear", (long?)null, 0), (Encoding.UTF8.GetString(only.Text), only.Shows, queue.Count));
    }

    [Fact]
    public async Task What_clears_older_messages_leaves_a_newer_one_waiting_which_brings_it_along()
    {
        var queue = new PushQueue(_clock);
        queue.TryAdd(Job(_phone, _family, "message") with { ChatNo = 1, Shows = 6, From = 5 });
        queue.TryAdd(Job(_phone, _family, "clear") with { ChatNo = 1, Clears = 5 });

        var only = await queue.TakeAsync(Cancellation);

        Assert.Equal(("message", 6, 5, 0), (Encoding.UTF8.GetString(only.Text), only.Shows!.Value, only.Clears!.Value, queue.Count));
    }

    [Fact]
    public async Task A_retry_that_meets_the_clearing_of_older_messages_is_kept()
    {
        var queue = new PushQueue(_clock);
        queue.TryAdd(Job(_phone, _family, "clear") with { ChatNo = 1, Clears = 5 });
        queue.TryAdd(Job(_phone, _family, "message") with { ChatNo = 1, Shows = 6, From = 5 }, TimeSpan.FromSeconds(2), isRetry: true);

        var only = await queue.TakeAsync(Cancellation);

        Assert.Equal(("message", 5, 0), (Encoding.UTF8.GetString(only.Text), only.Clears!.Value, queue.Count));
    }

    [Fact]
    public async Task A_newer_message_remembers_from_where_the_one_before_was_news()
    {
        var queue = new PushQueue(_clock);
        queue.TryAdd(Job(_phone, _family, "one") with { ChatNo = 1, Shows = 6, From = 5, Clears = 4 });
        queue.TryAdd(Job(_phone, _family, "two") with { ChatNo = 1, Shows = 7, From = 6 });

        var only = await queue.TakeAsync(Cancellation);

        Assert.Equal((7, 5, 4), (only.Shows!.Value, only.From, only.Clears!.Value));
    }

    [Fact]
    public async Task Of_one_device_and_one_chat_the_next_waits_until_the_one_before_is_done()
    {
        var queue = new PushQueue(_clock);
        queue.TryAdd(Job(_phone, _family, "1"));
        var first = await queue.TakeAsync(Cancellation);
        queue.TryAdd(Job(_phone, _family, "2"));
        queue.TryAdd(Job(_laptop, _family, "another device"));

        Assert.Equal("another device", await NextAsync(queue));
        queue.Done(first);
        Assert.Equal("2", await NextAsync(queue));
    }

    [Fact]
    public async Task A_retry_gives_way_to_what_is_newer()
    {
        var queue = new PushQueue(_clock);
        queue.TryAdd(Job(_phone, _family, "new"));

        Assert.True(queue.TryAdd(Job(_phone, _family, "failed") with { Tries = 1 }, TimeSpan.FromSeconds(2), isRetry: true));

        Assert.Equal(1, queue.Count);
        Assert.Equal("new", await NextAsync(queue));
    }

    [Fact]
    public async Task A_retry_waits_its_time_and_others_go_before_it()
    {
        var queue = new PushQueue(_clock);
        queue.TryAdd(Job(_phone, _family, "later"), TimeSpan.FromMinutes(1), isRetry: true);
        queue.TryAdd(Job(_laptop, _family, "now"));

        Assert.Equal("now", await NextAsync(queue));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("later", await NextAsync(queue));
    }

    [Fact]
    public async Task Who_waits_is_woken_by_what_comes()
    {
        var queue = new PushQueue(_clock);
        var waiting = queue.TakeAsync(Cancellation).AsTask();

        queue.TryAdd(Job(_phone, _family, "hello"));

        Assert.Equal("hello", Encoding.UTF8.GetString((await waiting).Text));
    }

    [Fact]
    public async Task Who_waits_ends_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var waiting = new PushQueue(_clock).TakeAsync(stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task When_it_is_full_what_comes_is_dropped_and_what_is_newer_of_the_same_is_not()
    {
        var queue = new PushQueue(_clock, limit: 2);
        Assert.True(queue.TryAdd(Job(_phone, _family, "1")));
        Assert.True(queue.TryAdd(Job(_phone, _work, "2")));

        Assert.False(queue.TryAdd(Job(_laptop, _family, "3")));
        Assert.True(queue.TryAdd(Job(_phone, _work, "2 again")));

        Assert.Equal(["1", "2 again"], [await NextAsync(queue), await NextAsync(queue)]);
        Assert.True(queue.TryAdd(Job(_laptop, _family, "3")));
    }

    [Fact]
    public void Tests_of_one_device_are_one_push()
    {
        var queue = new PushQueue(_clock);
        queue.TryAdd(Job(_phone, null, "test"));
        queue.TryAdd(Job(_phone, null, "test"));
        queue.TryAdd(Job(_phone, _family, "message"));

        Assert.Equal(2, queue.Count);
    }

    private static async Task<string> NextAsync(PushQueue queue) => Encoding.UTF8.GetString((await queue.TakeAsync(Cancellation)).Text);

    private static SubscriptionId NewDevice() => new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

    private static ChatId NewChat() => new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

    private static PushJob Job(SubscriptionId device, ChatId? chat, string text) => new()
    {
        Device = device,
        User = default,
        Endpoint = new Uri("https://push.example.org/"),
        Keys = new SubscriptionKeys([], []),
        Text = Encoding.UTF8.GetBytes(text),
        Chat = chat,
        Urgency = "normal",
        TimeToLive = TimeSpan.FromHours(1),
        Since = DateTimeOffset.UnixEpoch,
    };
}
