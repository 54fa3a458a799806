using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace Hypersend.Server.Platform.Mail;

/// <summary>
/// Sends letters beside the requests, so that no answer's time tells whether one was written. Bounded, tried five times
/// over a quarter of an hour; a letter lost with the process is one the person asks for again.
/// </summary>
internal sealed partial class Outbox(IMailer mailer, TimeProvider clock, ILogger<Outbox> log) : BackgroundLoop(log)
{
    private const int Limit = 1_000;
    private const int Attempts = 5;

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

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await foreach (var letter in _letters.Reader.ReadAllAsync(stopping))
            await DeliverAsync(letter, stopping);
    }

    private static void Count(string outcome) => Letters.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private async Task DeliverAsync(Letter letter, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                await mailer.SendAsync(letter, cancellation);
                Count("sent");
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                Failed(log, exception.GetType().Name, attempt);
                if (attempt < Attempts)
                    await Task.Delay(TimeSpan.FromSeconds(Math.Pow(4, attempt)), clock, cancellation);
            }
        }

        Count("failed");
    }

    [LoggerMessage(30, LogLevel.Warning, "A letter was not taken ({Error}), attempt {Attempt}")]
    private static partial void Failed(ILogger log, string error, int attempt);

    [LoggerMessage(31, LogLevel.Error, "The outbox was full; a letter was dropped")]
    private static partial void Full(ILogger log);
}
