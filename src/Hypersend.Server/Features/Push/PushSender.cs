using System.Net;
using System.Net.Http.Headers;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Outbound;

namespace Hypersend.Server.Features.Push;

/// <summary>Takes pushes from the queue and brings them to the push services, a few at a time.</summary>
internal sealed partial class PushSender(
    PushQueue queue, PushLanes lanes, IPushStore store, RenewPush renew, TellDevices tell, OutboundClient http, VapidTokens vapid, TimeProvider clock, ILogger<PushSender> log)
    : BackgroundLoop(log)
{
    private const int MostRefusals = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OldAfter = TimeSpan.FromHours(6);

    private readonly ILogger _log = log;

    protected override Task RunAsync(CancellationToken stopping) => Task.WhenAll(Enumerable.Range(0, PushLanes.All).Select(_ => ServeAsync(stopping)));

    private async Task ServeAsync(CancellationToken stopping)
    {
        while (true)
        {
            var job = await queue.TakeAsync(stopping);
            try
            {
                await SendAsync(job, stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                Broke(_log, exception);
            }
            finally
            {
                queue.Done(job);
            }
        }
    }

    private async Task SendAsync(PushJob job, CancellationToken stopping)
    {
        if (!lanes.TryEnter(job.User, job.Endpoint, out var lane, out var wait))
        {
            if (clock.GetUtcNow() - job.Since < OldAfter)
                queue.TryAdd(job, wait, isRetry: true);
            else
                PushMetrics.Shed();
            return;
        }

        bool? answered = null;
        try
        {
            if (await renew.HandleAsync(job, stopping) is not { } wanted)
                return;
            var (verdict, reason, retryAfter) = await TryAsync(wanted, stopping);
            answered = reason is not ("timeout" or "unreachable") && verdict != PushVerdict.Later;
            await SettleAsync(wanted with { Tries = wanted.Tries + 1 }, verdict, reason, retryAfter, stopping);
        }
        finally
        {
            lanes.Leave(lane, answered);
        }
    }

    private async Task<(PushVerdict Verdict, string Reason, TimeSpan? RetryAfter)> TryAsync(PushJob job, CancellationToken stopping)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        late.CancelAfter(Patience);
        try
        {
            using var request = ToRequest(job);
            using var answer = await http.SendAsync(request, late.Token);
            return (PushAnswers.Judge(answer.StatusCode), ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture), RetryAfterOf(answer));
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return (PushVerdict.Later, "timeout", null);
        }
        catch (Exception exception) when (RefusedAddressException.IsBehind(exception))
        {
            return (PushVerdict.Refused, "private_address", null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (PushVerdict.Later, "unreachable", null);
        }
    }

    private HttpRequestMessage ToRequest(PushJob job)
    {
        var content = new ByteArrayContent(PushEncryption.Encrypt(job.Text, job.Keys));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentEncoding.Add("aes128gcm");
        var request = new HttpRequestMessage(HttpMethod.Post, job.Endpoint)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation("Authorization", vapid.HeaderFor(job.Endpoint));
        request.Headers.Add("TTL", ((long)job.TimeToLive.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add("Urgency", job.Urgency);
        if (job.Topic is { } topic)
            request.Headers.Add("Topic", topic);
        return request;
    }

    private async Task SettleAsync(PushJob job, PushVerdict verdict, string reason, TimeSpan? retryAfter, CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        switch (verdict)
        {
            case PushVerdict.Taken:
                PushMetrics.Sent(now - job.Since);
                if (await store.ReachedAsync(job.Device, job.Shows is null ? null : job.ChatNo, job.Shows ?? 0, now, stopping))
                    await tell.OfTakenTooLateAsync(job.Device, job.ChatNo!.Value, job.Shows!.Value, stopping);
                return;
            case PushVerdict.Gone:
                PushMetrics.Failed(reason);
                await store.EndAsync(job.Device, stopping);
                return;
        }

        PushMetrics.Failed(reason);
        await store.FailedAsync(job.Device, reason, verdict == PushVerdict.Refused, MostRefusals, now, stopping);
        if (verdict != PushVerdict.Later)
            return;
        if (PushAnswers.Pause(job.Tries, retryAfter) is { } pause)
            queue.TryAdd(job, pause, isRetry: true);
        else
            PushMetrics.Shed();
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    [LoggerMessage(802, LogLevel.Error, "A push could not be sent because of a fault of our own")]
    private static partial void Broke(ILogger log, Exception exception);
}
