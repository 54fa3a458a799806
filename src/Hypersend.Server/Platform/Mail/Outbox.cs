using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace Hypersend.Server.Platform.Mail;

/// <summary>
/// Sends letters beside the requests, so that no answer's time tells whether one was written. Bounded, tried six times
/// in twenty minutes; a letter lost with the process is one the person asks for again.
/// </summary>
internal sealed partial class Outbox(IMailer mailer, TimeProvider clock, ILogger<Outbox> log) : BackgroundLoop(log)
{
    private const int Limit = 1_000;
    private const int Attempts = 6;

    private static readonly Meter Meter = new("Hypersend.Mail");
    private static readonly Counter<long> Letters = Meter.CreateCounter<long>("hypersend.mail.letters", description: "Letters by what became of them");

    private readonly Channel<Letter> _letters = Channel.CreateBounded<Letter>(new BoundedChannelOptions(Limit) { SingleReader = true });

    /// <summary>False when the outbox is full and the letter was dropped.</summary>
    public bool TryPost(Letter letter)
    {
        if (_letters.Writer.TryWrite(letter))
            return true;
        Count("dropped");
        Full(log);
        return false;
    }

    /// <summary>
    /// Hands over a letter at once, for whoever keeps what it was made of: false when it was not taken and may be tried again, true
    /// when it was, or when nobody will ever take it.
    /// </summary>
    public Task<bool> TrySendAsync(Letter letter, CancellationToken cancellation) => HandOverAsync(letter, 1, cancellation);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        // Letters that wait for another attempt wait aside: one that nobody takes must not hold up everybody's.
        var again = new PriorityQueue<Attempt, DateTimeOffset>();
        while (!stopping.IsCancellationRequested)
        {
            while (_letters.Reader.TryRead(out var letter))
                await TryAsync(new Attempt(letter, 1), again, stopping);
            while (again.TryPeek(out var due, out var at) && at <= clock.GetUtcNow())
            {
                again.Dequeue();
                await TryAsync(due, again, stopping);
            }

            await WaitAsync(again, stopping);
        }
    }

    private static void Count(string outcome) => Letters.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private async Task WaitAsync(PriorityQueue<Attempt, DateTimeOffset> again, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var arrival = _letters.Reader.WaitToReadAsync(either.Token).AsTask();
        var due = again.TryPeek(out _, out var at)
            ? Task.Delay(Max(at - clock.GetUtcNow(), TimeSpan.Zero), clock, either.Token)
            : Task.Delay(Timeout.InfiniteTimeSpan, clock, either.Token);
        await Task.WhenAny(arrival, due);
        await either.CancelAsync();
        await Task.WhenAll(arrival, due).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.ThrowIfCancellationRequested();
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private async Task TryAsync(Attempt attempt, PriorityQueue<Attempt, DateTimeOffset> again, CancellationToken cancellation)
    {
        if (await HandOverAsync(attempt.Letter, attempt.Number, cancellation))
            return;
        if (attempt.Number == Attempts || again.Count >= Limit)
            Count("failed");
        else
            again.Enqueue(attempt with { Number = attempt.Number + 1 }, clock.GetUtcNow().AddSeconds(Math.Pow(4, attempt.Number)));
    }

    private async Task<bool> HandOverAsync(Letter letter, int attempt, CancellationToken cancellation)
    {
        try
        {
            await mailer.SendAsync(letter, cancellation);
            Count("sent");
            return true;
        }
        catch (LetterRefusedException refused)
        {
            Refused(log, refused.Message);
            Count("refused");
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            Failed(log, exception.GetType().Name, attempt);
            return false;
        }
    }

    private readonly record struct Attempt(Letter Letter, int Number);

    [LoggerMessage(32, LogLevel.Warning, "A letter was refused for good ({Reason})")]
    private static partial void Refused(ILogger log, string reason);

    [LoggerMessage(30, LogLevel.Warning, "A letter was not taken ({Error}), attempt {Attempt}")]
    private static partial void Failed(ILogger log, string error, int attempt);

    [LoggerMessage(31, LogLevel.Error, "The outbox was full; a letter was dropped")]
    private static partial void Full(ILogger log);
}
