using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Hypersend.Contracts;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Previews;

/// <summary>Hears on the bus of messages with links, looks at the pages beside the requests, and puts what it found on the message.</summary>
internal sealed partial class PreviewWatch(
    IBus bus, PreviewQueue queue, IPreviewStore store, FetchPage fetch, SlowHosts slow, ChangePublisher publisher, PreviewOptions options, TimeProvider clock, ILogger<PreviewWatch> log) : BackgroundLoop(log)
{
    private const int MostWaiting = 1_000;
    private const int Lanes = 8;

    private static readonly TimeSpan GoodFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan NothingFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(30);

    private readonly ILogger _log = log;
    private readonly Channel<(long ChatNo, ReadOnlyMemory<byte> Event)> _waiting =
        Channel.CreateBounded<(long, ReadOnlyMemory<byte>)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.On)
            bus.Subscribe(Receive);
        return base.StartAsync(cancellationToken);
    }

    protected override Task RunAsync(CancellationToken stopping) =>
        options.On ? Task.WhenAll([SweepAsync(stopping), SortAsync(stopping), .. Enumerable.Range(0, Lanes).Select(_ => ServeAsync(stopping))]) : Task.CompletedTask;

    // On the time of whoever publishes: it only notes. Who reacts or pins says nothing new of links.
    private void Receive(BusMessage message)
    {
        if (message is not ChatCommit { IsFromElsewhere: false } commit)
            return;
        foreach (var one in commit.Events)
        {
            var json = one.Json.Span;
            if ((json.StartsWith("{\"type\":\"message\","u8) || json.StartsWith("{\"type\":\"message.updated\","u8)) &&
                json.IndexOf("://"u8) >= 0 && json.LastIndexOf(",\"reaction\":{"u8) < 0)
                _waiting.Writer.TryWrite((commit.ChatNo, one.Json));
        }
    }

    private async Task SortAsync(CancellationToken stopping)
    {
        await foreach (var (chatNo, json) in _waiting.Reader.ReadAllAsync(stopping))
        {
            try
            {
                if (JsonSerializer.Deserialize(json.Span, HypersendJson.Wire.MessageEvent)?.Message is { } message && JobOf(chatNo, message) is { } job)
                    queue.TryAdd(job);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                NotMade(_log, exception);
            }
        }
    }

    private PreviewJob? JobOf(long chatNo, Message message)
    {
        if (message.Preview is not null || message.Type == MessageTypes.System || message.DeletedAt is not null || LinkFinder.First(message.Content) is not { } link)
            return null;
        var job = new PreviewJob(message.Sender.Id, MessageKey.Of(chatNo, message.Seq), link);
        return IsOwn(job.Url) ? null : job;
    }

    private async Task ServeAsync(CancellationToken stopping)
    {
        while (true)
        {
            var job = await queue.TakeAsync(stopping);
            try
            {
                await LookAsync(job, stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                NotMade(_log, exception);
            }
            finally
            {
                queue.Done(job);
            }
        }
    }

    private async Task LookAsync(PreviewJob job, CancellationToken stopping)
    {
        var (key, link, url) = (job.MessageKey, job.Link, job.Url);
        if (!await store.IsWantedAsync(key, stopping))
            return;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped)));
        var page = await store.FindAsync(hash, clock.GetUtcNow(), stopping);
        if (page is null)
        {
            if (slow.IsResting(url))
                return;
            page = await FetchAsync(hash, job, stopping);
        }

        if (page.Card is { } card && await store.AttachAsync(key, card with { Url = link }, page.ImageId, clock.GetUtcNow(), stopping) is { } change)
            await publisher.PublishAsync(change);
    }

    private async Task<KnownPage> FetchAsync(byte[] hash, PreviewJob job, CancellationToken stopping)
    {
        var found = await fetch.HandleAsync(job.Link, stopping);
        var image = found?.Image;
        var card = found?.Card is { } seen && image is not null ? seen with { ImageUrl = PreviewEndpoints.AddressOf(image.Id) } : found?.Card;
        var page = new KnownPage(card, image?.Id);

        // A page that was too slow is not known to have nothing: it may be asked again when its host has rested.
        if (found is null && slow.IsResting(job.Url))
            return page;
        var now = clock.GetUtcNow();
        await store.KeepAsync(hash, page, image, now, now + (card is null ? NothingFor : GoodFor), stopping);
        return page;
    }

    // Our own pages ask for a sign-in, and invitations must not be opened by us.
    private bool IsOwn(Uri url) => url.Host.Equals(options.OwnUrl.Host, StringComparison.OrdinalIgnoreCase) && url.Port == options.OwnUrl.Port;

    private async Task SweepAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(SweepEvery, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await store.SweepAsync(clock.GetUtcNow(), stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                NotMade(_log, exception);
            }
        }
    }

    [LoggerMessage(811, LogLevel.Warning, "A link preview could not be made because of a fault of our own")]
    private static partial void NotMade(ILogger log, Exception exception);
}
