using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Push;

/// <summary>
/// Whether a device shows a message itself, when another node holds its socket: the node that decides asks, whoever holds the
/// device bears witness. What the bus brings is only noted; the rest is for the one loop of <see cref="PushWatch"/>.
/// </summary>
internal sealed class DevicesElsewhere(IBus bus, LiveDevices live, PresenceTable presence, TimeProvider clock)
{
    /// <summary>For so long somebody may say that the device is theirs.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    private const int DevicesAtOnce = 500;
    private const int MostNoted = 20_000;

    private static readonly TimeSpan ArrivalsFor = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();

    // Guarded by the gate. When each chat's last message came here, in two generations, so that old ones go by themselves.
    private Dictionary<long, (long Seq, long Stamp)> _arrived = [];
    private Dictionary<long, (long Seq, long Stamp)> _arrivedBefore = [];
    private long _turnedAt = clock.GetTimestamp();
    private List<Asked> _sought = [];
    private List<DevicesFound> _found = [];

    // Only for the loop.
    private readonly List<Asked> _asked = [];
    private readonly Dictionary<(SessionId, long ChatNo), (DeviceWord Word, long At)> _words = [];

    /// <summary>True when the loop has something to look at.</summary>
    public bool Note(BusMessage message)
    {
        if (!message.IsFromElsewhere)
            return false;
        lock (_gate)
        {
            switch (message)
            {
                case ChatCommit commit:
                    NoteArrivals(commit);
                    return false;
                case DevicesSought sought when _sought.Count < MostNoted:
                    var stamp = StampOf(sought.ChatNo, sought.Seq);
                    foreach (var device in sought.Devices)
                        _sought.Add(new Asked(sought.ChatNo, device, stamp, clock.GetTimestamp()));
                    return true;
                case DevicesFound found when _found.Count < MostNoted:
                    _found.Add(found);
                    return true;
                default:
                    return false;
            }
        }
    }

    /// <summary>Asks the others about those who are with one of them; gives back whom it asked about.</summary>
    public IReadOnlySet<SubscriptionId> Seek(long chatNo, long seq, IReadOnlyList<Recipient> devices)
    {
        var sought = devices.Where(device => live.HeardAt(device.UserId, device.SessionId) is null && presence.IsElsewhere(device.UserId)).ToList();
        foreach (var device in sought)
            _words.Remove((device.SessionId, chatNo));
        foreach (var some in sought.Chunk(DevicesAtOnce))
            bus.Publish(new DevicesSought(chatNo, seq, [.. some.Select(device => new SoughtDevice(device.UserId, device.SessionId))]));
        return sought.Select(device => device.Id).ToHashSet();
    }

    /// <summary>What is known of a device that was asked about at that moment, of something that happened so long ago.</summary>
    public DeviceState StateOf(SessionId session, long chatNo, long askedAt, TimeSpan since) => _words.GetValueOrDefault((session, chatNo)).Word switch
    {
        DeviceWord.Awake => DeviceState.Awake,
        DeviceWord.Gone => DeviceState.Asleep,
        DeviceWord.Silent => since >= PushRules.Grace ? DeviceState.Asleep : DeviceState.Unclear,
        _ => clock.GetElapsedTime(askedAt) >= AnswerWithin ? DeviceState.Asleep : DeviceState.Unclear,
    };

    /// <summary>Takes what others said, and says what there is to say of the devices here.</summary>
    public void Look()
    {
        List<Asked> sought;
        List<DevicesFound> found;
        lock (_gate)
        {
            (sought, _sought) = (_sought, []);
            (found, _found) = (_found, []);
        }

        var now = clock.GetTimestamp();
        foreach (var (chatNo, devices) in found.Select(one => (one.ChatNo, one.Devices)))
        {
            foreach (var device in devices)
                _words[(device.Session, chatNo)] = (device.Word, now);
        }

        foreach (var (key, word) in _words)
        {
            if (clock.GetElapsedTime(word.At) > PushRules.Grace * 2)
                _words.Remove(key);
        }

        BearWitness(sought);
    }

    private void BearWitness(List<Asked> sought)
    {
        Dictionary<long, List<FoundDevice>>? told = null;

        // Of a device that is not here at all others may know.
        foreach (var one in sought.Where(one => live.HeardAt(one.Device.User, one.Device.Session) is not null))
        {
            _asked.Add(one);
            Say(one, DeviceWord.Silent);
        }

        for (var i = _asked.Count - 1; i >= 0; i--)
        {
            var one = _asked[i];
            var heardAt = live.HeardAt(one.Device.User, one.Device.Session);
            if (heardAt is null)
                Say(one, DeviceWord.Gone);
            else if (heardAt > one.Stamp)
                Say(one, DeviceWord.Awake);
            else if (clock.GetElapsedTime(one.At) < PushRules.Grace)
                continue;
            _asked.RemoveAt(i);
        }

        foreach (var (chatNo, devices) in told ?? [])
            bus.Publish(new DevicesFound(chatNo, devices));

        void Say(Asked one, DeviceWord word)
        {
            told ??= [];
            if (!told.TryGetValue(one.ChatNo, out var devices))
                told[one.ChatNo] = devices = [];
            devices.Add(new FoundDevice(one.Device.Session, word));
        }
    }

    private void NoteArrivals(ChatCommit commit)
    {
        var seq = 0L;
        foreach (var one in commit.Events)
        {
            if (one.Json.Span.StartsWith("{\"type\":\"message\","u8))
                seq = Math.Max(seq, one.Seq);
        }

        if (seq == 0)
            return;
        if (clock.GetElapsedTime(_turnedAt) > ArrivalsFor)
            (_arrivedBefore, _arrived, _turnedAt) = (_arrived, [], clock.GetTimestamp());
        _arrived[commit.ChatNo] = (seq, clock.GetTimestamp());
    }

    // What came later than was asked for is a stricter measure, and what has not come yet is heard of from now on.
    private long StampOf(long chatNo, long seq) =>
        (_arrived.TryGetValue(chatNo, out var last) || _arrivedBefore.TryGetValue(chatNo, out last)) && last.Seq >= seq
            ? last.Stamp
            : clock.GetTimestamp();

    private sealed record Asked(long ChatNo, SoughtDevice Device, long Stamp, long At);
}
