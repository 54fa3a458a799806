using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Messages;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Nodes;

/// <summary>What is due is done by one of the nodes, whichever is first, and by another when that one has died.</summary>
public sealed class DueOnNodesTests
{
    private const int Many = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Two_hundred_messages_that_are_due_at_once_are_each_sent_once_by_two_nodes()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "Several nodes need PostgreSQL; this run is on SQLite");
        await using var one = await App.StartAsync(_clock);
        await using var other = await one.StartSecondAsync();
        var (ana, ben) = (await one.SignUpAsync("ana"), await one.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        for (var number = 0; number < Many; number++)
            await ScheduleAsync(ana, chat, $"number {number}");
        _clock.Advance(TimeSpan.FromHours(1));
        await UntilSentAsync(ben, chat, Many);

        var (first, second) = (await ben.HistoryAsync(chat, new() { Limit = 100 }), await ben.HistoryAsync(chat, new() { After = 0, Limit = 100 }));
        Assert.Equal(Many, (await ben.Chats.GetAsync(chat)).LastSeq);
        Assert.Equal(Enumerable.Range(1, Many).Select(seq => (long)seq), second.Concat(first).Select(message => message.Seq));
        Assert.Equal(Enumerable.Range(0, Many).Select(number => $"number {number}").Order(), second.Concat(first).Select(message => message.Content).Order());
    }

    [Fact]
    public async Task What_a_node_had_taken_when_it_died_is_sent_by_another_when_its_lease_has_ended()
    {
        await using var app = await App.StartAsync(_clock);
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        await ScheduleAsync(ana, chat, "from the dead");
        var store = app.Services.GetRequiredService<IScheduledStore>();
        Assert.Single(await store.TakeDueAsync(_clock.GetUtcNow().AddHours(1), TimeSpan.FromMinutes(1), Many, CancellationToken.None));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await store.TakeDueAsync(_clock.GetUtcNow(), TimeSpan.FromMinutes(1), Many, CancellationToken.None));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await UntilSentAsync(ben, chat, 1);
        Assert.Equal(["from the dead"], (await ben.HistoryAsync(chat)).Select(message => message.Content));
        Assert.Empty((await ana.Messages.ListScheduledAsync(chat)).Items);
    }

    private async Task ScheduleAsync(Person person, ChatId chat, string content) =>
        await person.Messages.SendAsync(new SendMessageRequest { ChatId = chat, Content = content, SendAt = _clock.GetUtcNow().AddHours(1) });

    // By the clock of the servers nothing happens while it stands: the alarm rings once, and looks again every few seconds.
    private async Task UntilSentAsync(Person person, ChatId chat, long many)
    {
        using var late = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await person.Chats.GetAsync(chat)).LastSeq < many)
        {
            await tick.WaitForNextTickAsync(late.Token);
            _clock.Advance(TimeSpan.FromMilliseconds(200));
        }
    }
}
