using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Outbound;

namespace Hypersend.Server.Features.Previews;

/// <summary>
/// Links that wait to be looked at. People take turns, and of one person and of one owner of hosts there is one at a time:
/// whoever links to many slow pages waits for them alone.
/// </summary>
internal sealed class PreviewQueue
{
    public const int Limit = 1_000;
    public const int MostOfPerson = 50;

    private readonly Lock _gate = new();
    private readonly Dictionary<UserId, LinkedList<PreviewJob>> _waiting = [];
    private readonly LinkedList<UserId> _turns = new();
    private readonly HashSet<UserId> _people = [];
    private readonly HashSet<string> _owners = [];
    private TaskCompletionSource _changed = NewSignal();
    private int _count;

    /// <summary>False when it was dropped: a preview is an extra, and the link is where it was.</summary>
    public bool TryAdd(PreviewJob job)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(job.Author, out var mine))
            {
                if (_count >= Limit)
                    return false;
                _waiting[job.Author] = mine = new LinkedList<PreviewJob>();
                _turns.AddLast(job.Author);
            }
            else if (_count >= Limit || mine.Count >= MostOfPerson)
            {
                return false;
            }

            mine.AddLast(job);
            _count++;
            _changed.TrySetResult();
            return true;
        }
    }

    /// <summary>The next whose turn it is; waits for it. It has to be said when it is <see cref="Done"/>.</summary>
    public async ValueTask<PreviewJob> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Next() is { } job)
                    return job;
                if (_changed.Task.IsCompleted)
                    _changed = NewSignal();
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    public void Done(PreviewJob job)
    {
        lock (_gate)
        {
            _people.Remove(job.Author);
            _owners.Remove(OutboundHost.OwnerOf(job.Url));
            _changed.TrySetResult();
        }
    }

    private PreviewJob? Next()
    {
        for (var turn = _turns.First; turn is not null; turn = turn.Next)
        {
            var author = turn.Value;
            if (_people.Contains(author))
                continue;
            var mine = _waiting[author];
            for (var one = mine.First; one is not null; one = one.Next)
            {
                if (!_owners.Add(OutboundHost.OwnerOf(one.Value.Url)))
                    continue;
                _people.Add(author);
                _count--;
                mine.Remove(one);
                _turns.Remove(turn);
                if (mine.Count > 0)
                    _turns.AddLast(author);
                else
                    _waiting.Remove(author);
                return one.Value;
            }
        }

        return null;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>One message's link.</summary>
internal sealed record PreviewJob(UserId Author, long MessageKey, string Link)
{
    public Uri Url { get; } = new(Link);
}
