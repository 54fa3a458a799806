using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Polling;

/// <summary>A long poll among the listeners: keeps what it hears until it is answered, and says when that began.</summary>
internal sealed class PollListener(UserId user, SessionId session, long askedAt) : Listener(user, session, only: null)
{
    private const int MostHeard = 1_000;

    private readonly List<(Seat? Seat, OutFrame Frame)> _heard = [];
    private readonly TaskCompletionSource _something = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isRead;
    private bool _isTooMuch;

    /// <summary>There is something to answer with.</summary>
    public Task Something => _something.Task;

    public bool HasSessionEnded { get; private set; }

    public override long HeardAt => askedAt;

    public override void Hear(Seat seat, EventBatch batch) => Keep(seat, batch);

    public override void Tell(OutFrame frame)
    {
        // Who types is over before the next poll.
        if (frame.Kind != FrameKind.Passing)
            Keep(null, frame);
    }

    public override void Resync()
    {
        lock (Gate)
            _isTooMuch = true;
        _something.TrySetResult();
    }

    public override void EndSession()
    {
        HasSessionEnded = true;
        _something.TrySetResult();
    }

    /// <summary>The database was read up to here: what was heard before and is in it counts no more.</summary>
    public void Read(IEnumerable<ListenedChat> read)
    {
        lock (Gate)
        {
            RaiseFloors(read);
            _isRead = true;
            if (_heard.Exists(one => IsNews(one.Seat, one.Frame)))
                _something.TrySetResult();
        }
    }

    /// <summary>What was heard and is not in what was read; null when it is too much to keep, and the database has to be read again.</summary>
    public IReadOnlyList<OutFrame>? Take()
    {
        lock (Gate)
        {
            if (_isTooMuch)
                return null;
            var news = new List<OutFrame>(_heard.Count);
            foreach (var (seat, frame) in _heard)
            {
                if (IsNews(seat, frame))
                    news.Add(seat is not null && frame is EventBatch batch ? batch.After(seat.Floor) : frame);
            }

            return news;
        }
    }

    private void Keep(Seat? seat, OutFrame frame)
    {
        lock (Gate)
        {
            if (_heard.Count == MostHeard)
                _isTooMuch = true;
            else if (!_isTooMuch)
                _heard.Add((seat, frame));
            if (!_isRead || !IsNews(seat, frame))
                return;
        }

        _something.TrySetResult();
    }

    private static bool IsNews(Seat? seat, OutFrame frame) => seat is null || frame is not EventBatch batch || batch.LastRev > seat.Floor;
}
