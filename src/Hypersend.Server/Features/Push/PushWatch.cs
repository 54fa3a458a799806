using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Push;

/// <summary>
/// Hears on the bus what was committed, gathers it by chat, and has it decided beside the requests: of many messages in a
/// chat one round is made. A device that is connected gets a moment to show that it is awake.
/// </summary>
internal sealed partial class PushWatch(
    IBus bus, TellDevices tell, LiveDevices live, DevicesElsewhere elsewhere, IPushStore store, TimeProvider clock, ILogger<PushWatch> log) : BackgroundLoop(log)
{
    private const int MostChats = 50_000;
    private const int MostEnds = 20_000;
    private const int MostAwaited = 20_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(30);

    private readonly ILogger _log = log;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _something = new(0, 1);
    private readonly Dictionary<(SubscriptionId, long ChatNo), Awaited> _awaited = [];

    // Guarded by the gate.
    private Dictionary<long, Fresh> _fresh = [];
    private Dictionary<(UserId User, ChatId Chat), long> _read = [];
    private List<(long ChatNo, long Seq)> _gone = [];

    private volatile bool _hasDevices;

    /// <summary>There is somebody to tell from now on.</summary>
    public void DeviceCame() => _hasDevices = true;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _hasDevices = await store.AnyAsync(cancellationToken);
        bus.Subscribe(Receive);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = clock.CreateTimer(_ => Wake(), null, Look, Look);
        var (asked, swept) = (clock.GetTimestamp(), clock.GetTimestamp());
        while (true)
        {
            await _something.WaitAsync(stopping);
            await TryAsync(() => DecideAsync(stopping));
            if (clock.GetElapsedTime(asked) >= AskAgain)
            {
                // Another node may have got the first device.
                await TryAsync(async () => _hasDevices = await store.AnyAsync(stopping));
                asked = clock.GetTimestamp();
            }

            if (clock.GetElapsedTime(swept) >= SweepEvery)
            {
                await TryAsync(() => store.SweepAsync(clock.GetUtcNow(), stopping));
                swept = clock.GetTimestamp();
            }
        }
    }

    // On the time of whoever publishes: it only notes.
    private void Receive(BusMessage message)
    {
        if (elsewhere.Note(message))
            Wake();
        if (!_hasDevices)
            return;
        switch (message)
        {
            case ChatCommit { IsFromElsewhere: false } commit:
                foreach (var one in commit.Events)
                    Note(commit.ChatNo, one);
                break;
            case UserNotice { IsFromElsewhere: false } notice when notice.Json.Span.StartsWith("{\"type\":\"read\""u8):
                NoteRead(notice);
                break;
        }
    }

    private void Note(long chatNo, ChatEvent one)
    {
        if (one.Json.Span.StartsWith("{\"type\":\"message\","u8))
        {
            lock (_gate)
            {
                if (_fresh.TryGetValue(chatNo, out var known))
                    _fresh[chatNo] = known with { From = Math.Min(known.From, one.Seq - 1), To = Math.Max(known.To, one.Seq) };
                else if (_fresh.Count < MostChats)
                    _fresh[chatNo] = new Fresh(one.Seq - 1, one.Seq, clock.GetUtcNow(), clock.GetTimestamp());
                else
                    PushMetrics.Shed();
            }

            Wake();
        }
        else if (one.Json.Span.StartsWith("{\"type\":\"message.deleted\","u8))
        {
            lock (_gate)
            {
                if (_gone.Count < MostEnds)
                    _gone.Add((chatNo, one.Seq));
            }

            Wake();
        }
    }

    private void NoteRead(UserNotice notice)
    {
        if (JsonSerializer.Deserialize(notice.Json.Span, HypersendJson.Wire.MarkEvent) is not { } mark)
            return;
        lock (_gate)
        {
            var key = (notice.User, mark.ChatId);
            if (_read.TryGetValue(key, out var before) || _read.Count < MostEnds)
                _read[key] = Math.Max(before, mark.Seq);
        }

        Wake();
    }

    private void Wake()
    {
        lock (_something)
        {
            if (_something.CurrentCount == 0)
                _something.Release();
        }
    }

    private async Task DecideAsync(CancellationToken stopping)
    {
        Dictionary<long, Fresh> fresh;
        Dictionary<(UserId, ChatId), long> read;
        List<(long, long)> gone;
        lock (_gate)
        {
            (fresh, _fresh) = (_fresh, []);
            (read, _read) = (_read, []);
            (gone, _gone) = (_gone, []);
        }

        foreach (var (chatNo, one) in fresh)
            await TryAsync(async () => Await(chatNo, one, await tell.OfNewsAsync(chatNo, one.From, one.To, one.At, null, stopping)));
        foreach (var (key, seq) in read)
            await TryAsync(() => tell.OfReadAsync(key.Item1, key.Item2, seq, stopping));
        foreach (var (chatNo, seq) in gone)
            await TryAsync(() => tell.OfGoneAsync(chatNo, seq, stopping));
        await LookAtAwaitedAsync(stopping);
    }

    // They are connected: they show that they are awake, or they are told all the same.
    private void Await(long chatNo, Fresh fresh, IReadOnlyList<Recipient> connected)
    {
        var news = connected.Where(device => !_awaited.ContainsKey((device.Id, chatNo))).ToList();
        var sought = elsewhere.Seek(chatNo, fresh.To, news);
        foreach (var device in connected)
        {
            var key = (device.Id, chatNo);
            if (_awaited.TryGetValue(key, out var known))
                _awaited[key] = known with { Fresh = known.Fresh with { To = fresh.To } };
            else if (_awaited.Count < MostAwaited)
                _awaited[key] = new Awaited(device.UserId, device.SessionId, fresh, sought.Contains(device.Id) ? clock.GetTimestamp() : null);
            else
                PushMetrics.Shed();
        }
    }

    private async Task LookAtAwaitedAsync(CancellationToken stopping)
    {
        elsewhere.Look();
        if (_awaited.Count == 0)
            return;
        Dictionary<long, List<(SubscriptionId Device, Fresh Fresh)>>? due = null;
        foreach (var (key, one) in _awaited)
        {
            var state = StateOf(one, key.ChatNo);
            if (state == DeviceState.Unclear)
                continue;
            _awaited.Remove(key);
            if (state == DeviceState.Awake)
                continue;
            due ??= [];
            if (!due.TryGetValue(key.ChatNo, out var devices))
                due[key.ChatNo] = devices = [];
            devices.Add((key.Item1, one.Fresh));
        }

        foreach (var (chatNo, devices) in due ?? [])
        {
            var from = devices.Min(one => one.Fresh.From);
            var to = devices.Max(one => one.Fresh.To);
            await TryAsync(() => tell.OfNewsAsync(chatNo, from, to, devices[0].Fresh.At, devices.Select(one => one.Device).ToHashSet(), stopping));
        }
    }

    private DeviceState StateOf(Awaited one, long chatNo)
    {
        var (heardAt, since) = (live.HeardAt(one.User, one.Session), clock.GetElapsedTime(one.Fresh.Stamp));
        return heardAt is null && one.SoughtAt is { } askedAt ? elsewhere.StateOf(one.Session, chatNo, askedAt, since) : PushRules.StateOf(heardAt, one.Fresh.Stamp, since);
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            NotDecided(_log, exception);
        }
    }

    [LoggerMessage(801, LogLevel.Warning, "Who is to be told of something could not be found out; nobody was")]
    private static partial void NotDecided(ILogger log, Exception exception);

    private sealed record Fresh(long From, long To, DateTimeOffset At, long Stamp);

    private sealed record Awaited(UserId User, SessionId Session, Fresh Fresh, long? SoughtAt);
}
