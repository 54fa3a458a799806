using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Realtime;

namespace Hypersend.Sdk.Transfers;

/// <summary>Agrees on keys with the other side over the live connection, for one transfer and one run.</summary>
internal sealed class SealTalk : IAsyncDisposable
{
    private const string Kind = "seal.key";
    private const int Version = 1;
    private const int Remembered = 8;

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly SealKey _mine = new();
    private readonly List<(byte[] Key, RelaySeal Seal)> _heard = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _running = [];
    private readonly LiveClient _live;
    private readonly TimeProvider _clock;
    private readonly TransferId _transfer;
    private readonly UserId _peer;
    private readonly bool _sends;
    private readonly Func<CancellationToken, Task> _agreed;

    /// <param name="live">Hears and says what the two agree on.</param>
    /// <param name="clock">What pauses are told by.</param>
    /// <param name="transfer">What the keys are for.</param>
    /// <param name="peer">The other one of it.</param>
    /// <param name="sends">Whether I am its sender.</param>
    /// <param name="agreed">Called after each key that is new.</param>
    public SealTalk(LiveClient live, TimeProvider clock, TransferId transfer, UserId peer, bool sends, Func<CancellationToken, Task> agreed)
    {
        (_live, _clock, _transfer, _peer, _sends, _agreed) = (live, clock, transfer, peer, sends, agreed);

        // Listening begins here and not in a task that may come late.
        var events = live.EventsAsync(_ending.Token);
        _running.Add(Task.Run(() => ListenAsync(events), CancellationToken.None));
    }

    /// <summary>That of the newest key; null before the first.</summary>
    public RelaySeal? Newest
    {
        get
        {
            lock (_gate)
                return _heard.Count > 0 ? _heard[^1].Seal : null;
        }
    }

    public RelaySeal? Find(string name)
    {
        lock (_gate)
            return _heard.Find(one => one.Seal.Name == name).Seal;
    }

    /// <summary>Waits until the key is heard that makes the seal of this name.</summary>
    public async Task<RelaySeal> WhenAgreedAsync(string name, CancellationToken cancellation)
    {
        while (true)
        {
            Task heard;
            lock (_gate)
            {
                if (_heard.Find(one => one.Seal.Name == name).Seal is { } seal)
                    return seal;
                heard = _more.Task;
            }

            await heard.WaitAsync(cancellation);
        }
    }

    /// <summary>Says my key, as soon as there is a connection to say it over.</summary>
    public void Say() => Say(isAnswer: false);

    private void Say(bool isAnswer)
    {
        lock (_gate)
        {
            _running.RemoveAll(task => task.IsCompleted);
            _running.Add(SayAsync(isAnswer));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Task[] running;
        lock (_gate)
            running = [.. _running];
        await Task.WhenAll(running);
        foreach (var (_, seal) in _heard)
            seal.Dispose();
        _mine.Dispose();
        _ending.Dispose();
    }

    private async Task SayAsync(bool isAnswer)
    {
        var said = new JsonObject { ["kind"] = Kind, ["version"] = Version, ["key"] = Base64Url.EncodeToString(_mine.Public) };
        if (isAnswer)
            said["answer"] = true;
        using var json = JsonDocument.Parse(said.ToJsonString());
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await _live.SignalAsync(_peer, _transfer, json.RootElement, _ending.Token);
                return;
            }
            catch (ConnectionLostException)
            {
                await Task.Delay(Again, _clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception) when (exception is HypersendException or LiveEndedException or OperationCanceledException)
            {
                // The transfer is over or the two may not speak: the relay says so itself.
                return;
            }
        }
    }

    private async Task ListenAsync(IAsyncEnumerable<LiveEvent> events)
    {
        try
        {
            await foreach (var happened in events)
            {
                if (happened is not SignalHeard signal || signal.Transfer != _transfer || signal.From != _peer || KeyIn(signal.Data) is not { } key)
                    continue;
                var isNew = Note(key);
                if (!signal.Data.TryGetProperty("answer", out _))
                    Say(isAnswer: true);
                if (isNew)
                    await _agreed(_ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private bool Note(byte[] key)
    {
        lock (_gate)
        {
            if (_heard.Exists(one => one.Key.AsSpan().SequenceEqual(key)))
                return false;

            // What is dropped here may still be in use by a round that runs: the collector takes it after that.
            if (_heard.Count == Remembered)
                _heard.RemoveAt(0);
            _heard.Add((key, RelaySeal.Agree(_mine, key, _sends, _transfer)));
            _more.TrySetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    private static byte[]? KeyIn(JsonElement said)
    {
        if (said.ValueKind != JsonValueKind.Object
            || !said.TryGetProperty("kind", out var kind) || kind.ValueKind != JsonValueKind.String || !kind.ValueEquals(Kind)
            || !said.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != Version
            || !said.TryGetProperty("key", out var key) || key.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var text = key.GetString()!;
        if (!Base64Url.IsValid(text))
            return null;
        var point = Base64Url.DecodeFromChars(text);
        return SealKey.IsPoint(point) ? point : null;
    }
}
