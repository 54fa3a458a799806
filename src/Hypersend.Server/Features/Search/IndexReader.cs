using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Search;

/// <summary>One step of indexing: what waits is read from the messages and put into the index, in one commit with its cursor.</summary>
internal sealed class IndexReader(ISearchIndex index, ISearchSource source, Epoch epoch, TimeProvider clock) : IDisposable
{
    /// <summary>A new one makes every index anew: to be raised with any change of words, terms or tables.</summary>
    public const int Version = 2;

    private const int ChatsAtOnce = 1_000;
    private const int MessagesAtOnce = 8_000;

    private readonly MessageTerms _terms = new();
    private Dictionary<long, long> _revs = [];

    public WaitingChats Waiting { get; } = new(clock);

    /// <summary>Messages that were read since the start.</summary>
    public long Done { get; private set; }

    /// <summary>How many messages the last step read.</summary>
    public int LastBatch { get; private set; }

    /// <summary>A whole batch was read the last time: more is waiting than what people just say.</summary>
    public bool IsFarBehind { get; private set; }

    /// <summary>False when the index was empty or somebody else's, and all has to be read.</summary>
    public async Task<bool> OpenAsync(CancellationToken cancellation)
    {
        var known = await index.OpenAsync($"{Version} {await epoch.ReadAsync(cancellation)}", cancellation);
        _revs = new Dictionary<long, long>(await index.RevsAsync(cancellation));
        return known;
    }

    /// <summary>Compares every chat with what the index has read of it.</summary>
    public async Task CompareAsync(CancellationToken cancellation) => Note(await source.HeadsAsync(since: null, cancellation));

    public void Note(IEnumerable<SourceHead> heads) =>
        Waiting.AddAll(heads.Where(head => head.IsGone ? _revs.ContainsKey(head.ChatNo) : head.Rev != _revs.GetValueOrDefault(head.ChatNo)).Select(head => head.ChatNo));

    /// <summary>False when nothing waited.</summary>
    public async Task<bool> ReadSomeAsync(CancellationToken cancellation)
    {
        var taken = Waiting.Take(ChatsAtOnce);
        if (taken.Count == 0)
            return false;
        var left = new Dictionary<long, long>(taken);
        try
        {
            // Those who wait longest come first, or a few busy chats would fill every batch.
            var inTurn = taken.OrderBy(chat => chat.Value).Select(chat => new ReadOn(chat.Key, _revs.GetValueOrDefault(chat.Key), 0));
            var changes = await source.ChangesAsync([.. inTurn], MessagesAtOnce, cancellation);
            foreach (var chat in changes.Gone)
            {
                await ForgetAsync(chat, cancellation);
                left.Remove(chat);
            }

            await ApplyAsync(changes, left, cancellation);
            if (changes.Messages.Count > 0 && changes.Read.Count > 0)
                SearchMetrics.Applied(changes.Messages.Count, clock.GetElapsedTime(changes.Read.Min(read => taken[read.ChatNo])));
            return true;
        }
        finally
        {
            Waiting.PutBack(left);
        }
    }

    public void Dispose() => Waiting.Dispose();

    private async Task ApplyAsync(SourceChanges changes, Dictionary<long, long> left, CancellationToken cancellation)
    {
        LastBatch = changes.Messages.Count;
        IsFarBehind = LastBatch >= MessagesAtOnce * 3 / 4;

        // The database went back in time under our feet: what was read of such a chat is worth nothing.
        foreach (var chat in changes.Read.Where(read => read.To < read.From).ToList())
            await ForgetAsync(chat.ChatNo, cancellation);
        var read = changes.Read.Where(read => read.To > read.From).ToList();
        var messages = changes.Messages.Select(message => new IndexedMessage(message.Key, message.CreatedAt.ToUnixTimeMilliseconds(), _terms.Of(message)));
        if (read.Count > 0 && !await index.ApplyAsync([.. messages], read, cancellation))
        {
            // Another node reads as well, and was first.
            _revs = new Dictionary<long, long>(await index.RevsAsync(cancellation));
            return;
        }

        Done += changes.Messages.Count;
        foreach (var one in read)
            _revs[one.ChatNo] = one.To;

        // One that is longer than a batch waits for its next part.
        var partly = changes.Messages.Count == MessagesAtOnce && changes.Read.Count == 1 ? changes.Read[0].ChatNo : (long?)null;
        foreach (var one in changes.Read.Where(one => one.To >= one.From && one.ChatNo != partly))
            left.Remove(one.ChatNo);
    }

    private async Task ForgetAsync(long chatNo, CancellationToken cancellation)
    {
        await index.ForgetAsync(chatNo, cancellation);
        _revs.Remove(chatNo);
    }
}
