using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Threads;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Search;

/// <summary>
/// Keeps the index in step with the messages: woken by commits, and by looking for chats that moved, so that what the bus
/// lost is late and never missing. How far each chat is read stands in the index itself.
/// </summary>
internal sealed partial class IndexMessages(IndexReader reader, ISearchIndex index, ISearchSource source, IBus bus, RightOfWay way, TimeProvider clock, ILogger<IndexMessages> log)
    : BackgroundLoop(log)
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CompareEvery = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    // Between two batches others come together: the more are said, the longer it waits, and the fewer are the batches.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan BusyRest = TimeSpan.FromMilliseconds(200);

    private const int Busy = 100;

    // While messages are on their way to the disk for so much of the time, one that is far behind rests so many times as long as it works.
    private const double Lively = 0.5;
    private const int StandsBack = 5;

    // As the threads of the index's own file do.
    private const int StandsBackBy = 10;

    private long _lookedAt;
    private TimeSpan _taken;
    private volatile bool _again;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        bus.Subscribe(Note);
        SearchMetrics.Watch(() => reader.Waiting.Behind().TotalSeconds);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Makes the index anew, beside everybody's work.</summary>
    public void StartAgain()
    {
        _again = true;
        reader.Waiting.Wake();
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        // The timer only wakes; one loop reads and writes, another one tidies up behind it. Both are work for the processor, and those
        // who chat go first.
        using var timer = clock.CreateTimer(_ => reader.Waiting.Wake(), null, PollEvery, PollEvery);
        using var serving = new QuietThread("search indexing", StandsBackBy);
        using var tidying = new QuietThread("search tidying", StandsBackBy);
        await Task.WhenAll(serving.RunAsync(() => RepeatAsync(ServeAsync, stopping)), tidying.RunAsync(() => RepeatAsync(TidyAsync, stopping)));
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await work(stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                Failed(log, exception);
                index.NoteDamage(exception);
                await Task.Delay(AfterFailure, clock, stopping);
            }
        }
    }

    private async Task ServeAsync(CancellationToken stopping)
    {
        if (index.IsDamaged)
            await index.ClearAsync(stopping);
        if (!await reader.OpenAsync(stopping))
            Begun(log);
        var compared = clock.GetUtcNow();
        var polled = compared;
        await reader.CompareAsync(stopping);
        while (true)
        {
            var now = clock.GetUtcNow();
            if (_again || index.IsDamaged)
            {
                _again = false;
                Begun(log);
                await index.ClearAsync(stopping);
                return;
            }

            if (now - compared >= CompareEvery)
            {
                compared = polled = now;
                await reader.CompareAsync(stopping);
            }
            else if (now - polled >= PollEvery)
            {
                reader.Note(await source.HeadsAsync(polled - Overlap, stopping));
                polled = now;
            }

            var began = clock.GetTimestamp();
            if (await reader.ReadSomeAsync(stopping))
            {
                await Task.Delay(RestAfter(clock.GetElapsedTime(began)), clock, stopping);
            }
            else
            {
                await reader.Waiting.WaitAsync(stopping);
            }
        }
    }

    private TimeSpan RestAfter(TimeSpan work)
    {
        var (now, taken) = (clock.GetTimestamp(), way.Taken());
        var talk = (taken - _taken) / clock.GetElapsedTime(_lookedAt, now);
        (_lookedAt, _taken) = (now, taken);
        if (!reader.IsFarBehind)
            return reader.LastBatch >= Busy ? BusyRest : Rest;

        return talk < Lively ? TimeSpan.Zero : StandsBack * work;
    }

    private async Task TidyAsync(CancellationToken stopping)
    {
        while (true)
        {
            if (!await index.TidyAsync(stopping))
                await Task.Delay(PollEvery, clock, stopping);
        }
    }

    private void Note(BusMessage message)
    {
        if (message is ChatCommit commit)
            reader.Waiting.Add(commit.ChatNo);
    }

    [LoggerMessage(800, LogLevel.Information, "The search index is made anew from the messages")]
    private static partial void Begun(ILogger log);

    [LoggerMessage(801, LogLevel.Warning, "The search index could not follow; it goes on where it stopped")]
    private static partial void Failed(ILogger log, Exception exception);
}
