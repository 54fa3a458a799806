using System.Net;
using Hypersend.Contracts.Push;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Push;

/// <summary>What happens when the push service does not simply say yes.</summary>
public sealed class DeliveryTests(PushApp push) : IClassFixture<PushApp>
{
    [Theory]
    [InlineData(HttpStatusCode.Gone)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task A_browser_that_is_gone_is_forgotten(HttpStatusCode status)
    {
        var (ana, phone) = await push.AwayAsync("ana");
        phone.Answer(status);

        await ana.Client.Push.TestAsync();
        await phone.NextAsync();

        await Eventually.TrueAsync(async () => (await ana.Client.Push.ListAsync()).Items.Count == 0);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_push_service_that_has_too_much_to_do_is_asked_again(HttpStatusCode status)
    {
        var (ana, phone) = await push.AwayAsync("ana");
        phone.RetryAfter = 1;
        phone.Answer(status);

        await ana.Client.Push.TestAsync();

        Assert.Equal((int)status, (await phone.NextAsync()).Status);
        Assert.Equal(201, (await phone.NextAsync()).Status);
        await Eventually.TrueAsync(async () => (await ana.Client.Push.ListAsync()).Items.Single() is { ReachedAt: not null, Failure: null });
    }

    [Fact]
    public async Task A_refusal_is_shown_and_five_in_a_row_end_the_device()
    {
        var (ana, phone) = await push.AwayAsync("ana");
        phone.Answer([.. Enumerable.Repeat(HttpStatusCode.Forbidden, 5)]);

        for (var i = 0; i < 4; i++)
        {
            await ana.Client.Push.TestAsync();
            await phone.NextAsync();
            await Eventually.TrueAsync(async () => (await ana.Client.Push.ListAsync()).Items.Single().Failure == "403");
        }

        await ana.Client.Push.TestAsync();
        await Eventually.TrueAsync(async () => (await ana.Client.Push.ListAsync()).Items.Count == 0);
    }

    [Fact]
    public async Task A_slow_push_service_holds_up_nobody()
    {
        var slow = new TaskCompletionSource();
        var (ana, lazy) = await push.AwayAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        lazy.Slow = slow.Task;

        await ana.Client.Push.TestAsync();
        await bela.Client.Push.TestAsync();

        Assert.Equal(PushKinds.Test, (await phone.NextAsync()).Notice.Kind);
        Assert.Empty(lazy.Rest());
        slow.SetResult();
        await lazy.NextAsync();
    }

    [Fact]
    public async Task A_message_is_told_as_it_is_when_its_push_leaves_and_a_deleted_one_is_not()
    {
        var held = new TaskCompletionSource();
        var ana = await push.App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var chat = await ana.DirectAsync(bela);
        phone.Slow = held.Task;

        // Of one node the second waits behind the first; of several both may be on their way, each as it was when it left.
        phone.Answer([.. Enumerable.Repeat(HttpStatusCode.TooManyRequests, Math.Min(2, Cluster.Nodes))]);

        var first = await ana.SendAsync(chat, "at nein");
        var second = await ana.SendAsync(chat, "a secret");
        await ana.Messages.EditAsync(first.Id, "at nine");
        await ana.Messages.DeleteAsync(second.Id);
        held.SetResult();

        Assert.Equal(("at nine", first.Seq), (await TakenAsync(phone)).Notice is var notice ? (notice.Body, notice.Seq!.Value) : default);
    }

    [Fact]
    public async Task A_message_that_waits_is_told_though_older_ones_were_read_elsewhere()
    {
        var ana = await push.App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var laptop = await push.App.SignInAsync(bela);
        var chat = await ana.DirectAsync(bela);
        var first = await ana.SendAsync(chat, "one");
        await phone.NextAsync();
        phone.Answer(HttpStatusCode.TooManyRequests);

        await ana.SendAsync(chat, "two");
        await phone.NextAsync();
        await laptop.Chats.MarkReadAsync(chat, first.Seq);
        Pushed pushed;
        do
            pushed = await TakenAsync(phone);
        while (pushed.Notice.Kind == PushKinds.Clear);

        Assert.Equal("two", pushed.Notice.Body);
    }

    [Fact]
    public async Task A_device_dies_with_its_session()
    {
        var ana = await push.App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var laptop = await push.App.SignInAsync(bela);
        var desk = await push.SubscribeAsync(laptop);
        await bela.Accounts.LogoutAsync();

        await ana.SendAsync(await ana.DirectAsync(laptop), "hello");

        Assert.Equal("hello", (await desk.NextAsync()).Notice.Body);
        Assert.Empty(phone.Rest());
        Assert.Single((await laptop.Client.Push.ListAsync()).Items);
    }

    [Fact]
    public async Task Many_messages_at_once_are_one_push_or_few()
    {
        var ana = await push.App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var chat = await ana.DirectAsync(bela);

        // As slow as a push service may be: while one push is on its way, what follows gathers.
        var held = new TaskCompletionSource();
        phone.Slow = held.Task;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => ana.SendAsync(chat, "message " + i)));
        held.SetResult();
        var pushes = 0;
        Pushed pushed;
        do
        {
            pushed = await phone.NextAsync();
            pushes++;
        }
        while (pushed.Notice.Seq < 100);

        Assert.InRange(pushes, 1, 60);
        Assert.Equal((100, 100), (pushed.Notice.Unread, pushed.Notice.Badge));
    }

    private static async Task<Pushed> TakenAsync(Browser browser)
    {
        Pushed pushed;
        do
            pushed = await browser.NextAsync();
        while (pushed.Status != 201);
        return pushed;
    }
}
