using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Push;

/// <summary>Finds the devices that something concerns, and puts what they are told into the queue.</summary>
internal sealed class TellDevices(IPushStore store, LiveDevices live, PresenceTable presence, PushQueue queue, PushJobs jobs, TimeProvider clock)
{
    private const int Step = 200;

    /// <summary>
    /// Tells of the messages in (from, to]: these devices, or all. Gives back those that are connected, or may be so on another
    /// node, and have to show first that they are asleep.
    /// </summary>
    public async Task<IReadOnlyList<Recipient>> OfNewsAsync(
        long chatNo, long from, long to, DateTimeOffset since, IReadOnlySet<SubscriptionId>? asleep, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var connected = new List<Recipient>();
        if (await store.NewsAsync(chatNo, from, to, now, cancellation) is not { } news || PushRules.Concerned(news) is { Count: 0 })
            return connected;
        var wish = new RecipientWish(chatNo, to, PushRules.Concerned(news), null, Step);
        while (true)
        {
            var devices = await store.RecipientsAsync(wish, now, cancellation);
            var chosen = Choose(news, devices, asleep, connected, now);
            await QueueAsync(news, chosen, since, now, cancellation);
            if (devices.Count < Step)
                return connected;
            wish = wish with { After = devices[^1] };
        }
    }

    /// <summary>Somebody has read a chat up to here: what their other devices show of it goes.</summary>
    public async Task OfReadAsync(UserId user, ChatId chat, long seq, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await ClearAsync(await store.TakeReadAsync(user, chat, seq, now, cancellation), seq, now, cancellation);
    }

    /// <summary>A message was deleted: who was shown it last, is shown nothing of that chat any more.</summary>
    public async Task OfGoneAsync(long chatNo, long seq, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await ClearAsync(await store.TakeGoneAsync(chatNo, seq, now, cancellation), seq, now, cancellation);
    }

    /// <summary>The push service took what was over by then.</summary>
    public async Task OfTakenTooLateAsync(SubscriptionId device, long chatNo, long seq, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await ClearAsync(await store.TakeBackAsync(device, chatNo, seq, now, cancellation), seq, now, cancellation);
    }

    /// <summary>Says hello to every device of a person.</summary>
    public async Task<int> OfTestAsync(UserId user, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var devices = await store.ListAsync(user, now, cancellation);
        foreach (var device in devices)
            queue.TryAdd(PushJobs.OfTest(device, now));
        return devices.Count;
    }

    private List<Chosen> Choose(
        ChatNews news, IReadOnlyList<Recipient> devices, IReadOnlySet<SubscriptionId>? asleep, List<Recipient> connected, DateTimeOffset now)
    {
        var chosen = new List<Chosen>();
        foreach (var device in devices)
        {
            if (asleep?.Contains(device.Id) == false)
                continue;
            var settings = JsonSerializer.Deserialize(device.Settings, HypersendJson.Wire.UserSettings) ?? new UserSettings();
            if (PushRules.Choose(news, device, settings.Notifications, now) is not { } choice)
                continue;
            if (asleep is null && (live.HeardAt(device.UserId, device.SessionId) is not null || presence.IsElsewhere(device.UserId)))
                connected.Add(device);
            else
                chosen.Add(new Chosen(device, choice.Message, choice.Kind, settings));
        }

        return chosen;
    }

    private async Task QueueAsync(
        ChatNews news,
        List<Chosen> chosen,
        DateTimeOffset since,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        if (chosen.Count == 0)
            return;

        // The number on the icon costs a look at all of a person's chats: for a crowd it is left as it is.
        var badges = news.MemberCount <= PushRules.Crowd
            ? await store.BadgesAsync(chosen.Select(one => one.Device.UserId).Distinct().ToList(), now, cancellation)
            : null;
        foreach (var one in chosen)
            queue.TryAdd(jobs.OfMessage(news, one, badges?.GetValueOrDefault(one.Device.UserId), since, now));
    }

    private async Task ClearAsync(IReadOnlyList<ShownDevice> shown, long seq, DateTimeOffset now, CancellationToken cancellation)
    {
        // A device that is connected hears it on its socket and clears up by itself.
        var asleep = shown.Where(device => live.HeardAt(device.UserId, device.SessionId) is null).ToList();
        if (asleep.Count == 0)
            return;
        var badges = await store.BadgesAsync(asleep.Select(device => device.UserId).Distinct().ToList(), now, cancellation);
        foreach (var device in asleep)
            queue.TryAdd(jobs.ToClear(device, seq, badges.GetValueOrDefault(device.UserId), now));
    }
}
