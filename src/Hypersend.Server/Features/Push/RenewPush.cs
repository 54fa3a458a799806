using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Users;

namespace Hypersend.Server.Features.Push;

/// <summary>
/// Looks again, just before a push leaves, at what it tells of: it may have waited for hours, and by then the message may
/// be deleted, edited or read, and its reader gone.
/// </summary>
internal sealed class RenewPush(IPushStore store, TimeProvider clock, PushJobs jobs)
{
    private const int MostDevices = 200;

    /// <summary>The push as it has to be by now; null when there is nothing to tell any more.</summary>
    public async Task<PushJob?> HandleAsync(PushJob job, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (job is { Shows: { } seq, ChatNo: { } chatNo })
        {
            // What waited for long, or outlived a reading, has other counts by now.
            if (job is { Tries: 0, Clears: null } && await store.IsWantedAsync(job.Device, chatNo, seq, job.Rev, now, cancellation))
                return job;
            if (await FromNewsAsync(job, chatNo, seq, now, cancellation) is { } other)
                return other;
        }

        if (job.Clears is not { } clears)
            return job.Shows is null && await store.IsThereAsync(job.Device, now, cancellation) ? job : null;
        if (!await store.MayClearAsync(job.Device, job.ChatNo!.Value, clears, now, cancellation))
            return null;
        return job.Shows is null ? job : PushJobs.ToClear(job, clears, (await store.BadgesAsync([job.User], now, cancellation)).GetValueOrDefault(job.User));
    }

    // Decided anew, as at first: another text, a message before it that waits as well, or nothing.
    private async Task<PushJob?> FromNewsAsync(PushJob job, long chatNo, long seq, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await store.NewsAsync(chatNo, job.From, seq, now, cancellation) is not { } news)
            return null;
        var devices = await store.RecipientsAsync(new RecipientWish(chatNo, seq, [job.User], null, MostDevices), now, cancellation);
        if (devices.FirstOrDefault(one => one.Id == job.Device) is not { } device)
            return null;
        var settings = JsonSerializer.Deserialize(device.Settings, HypersendJson.Wire.UserSettings) ?? new UserSettings();
        if (PushRules.Choose(news, device, settings.Notifications, now) is not { } choice)
            return null;
        var badge = (await store.BadgesAsync([job.User], now, cancellation)).GetValueOrDefault(job.User);
        return jobs.OfMessage(news, new Chosen(device, choice.Message, choice.Kind, settings), badge, job.Since, now) with { Tries = job.Tries, Clears = job.Clears };
    }
}
