using System.Text.Json.Nodes;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Tests.Realtime;

/// <summary>A listener that keeps what it hears, and tells who waits for something of it.</summary>
internal sealed class Ear(UserId user) : Listener(user, default, only: null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<JsonObject> _heard = [];
    private readonly List<(Func<Ear, bool> Is, TaskCompletionSource Done)> _awaited = [];
    private readonly Lock _gate = new();

    public int Resyncs { get; private set; }

    public int Frames { get; private set; }

    public IReadOnlyList<JsonObject> Heard
    {
        get
        {
            lock (_gate)
                return [.. _heard];
        }
    }

    public IReadOnlyList<long> Revs(ChatId chat) => [.. Heard.Where(one => (string?)one["type"] == "message" && (string?)one["chat_id"] == chat.ToString()).Select(one => (long)one["rev"]!)];

    public override void Hear(Seat seat, EventBatch batch)
    {
        if (seat.Floor < batch.LastRev)
            Add(batch.After(seat.Floor));
    }

    public override void Tell(OutFrame frame) => Add(frame);

    public override void Resync() => Change(() => Resyncs++);

    public override void EndSession() => throw new NotSupportedException("An ear has no session.");

    /// <summary>Waits until something is so.</summary>
    public Task UntilAsync(Func<Ear, bool> isSo)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (isSo(this))
                return Task.CompletedTask;
            _awaited.Add((isSo, done));
        }

        return done.Task.WaitAsync(Patience);
    }

    private void Add(OutFrame frame) => Change(() =>
    {
        Frames++;
        _heard.AddRange(JsonNode.Parse("[" + System.Text.Encoding.UTF8.GetString(frame.Objects) + "]")!.AsArray().Select(one => (JsonObject)one!));
    });

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            foreach (var (isSo, done) in _awaited)
            {
                if (isSo(this))
                    done.TrySetResult();
            }
        }
    }
}
