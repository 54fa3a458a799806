using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Realtime.Fanout;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Realtime.Presence;

/// <summary>
/// The people one socket watches, and what it was told of each: only another word is a word. Guarded by the watchers' gate.
/// </summary>
internal sealed class PresenceWatch
{
    private const byte Nothing = 0;
    private const byte Hidden = 0x40;
    private const byte Marked = 0x80;

    // By Guid, so that a person is found in nine steps and without a dictionary for each socket.
    private readonly UserId[] _people;
    private readonly byte[] _told;

    // Chats that its person has left: the socket gives its seats up a moment later.
    private HashSet<long>? _left;

    public PresenceWatch(LiveSocket socket, IEnumerable<UserId> people, DateTimeOffset since)
    {
        (Socket, Since) = (socket, since);
        _people = [.. people.Distinct().OrderBy(user => user.Value)];
        _told = new byte[_people.Length];
        MarkAll(afresh: true);
    }

    public LiveSocket Socket { get; }

    /// <summary>What was known of its people earlier than this may be too old to refuse by.</summary>
    public DateTimeOffset Since { get; private set; }

    public IReadOnlyList<UserId> People => _people;

    /// <summary>Replaced by another list, or its socket is closed.</summary>
    public bool IsOver { get; set; }

    public void Leave(long chatNo) => (_left ??= []).Add(chatNo);

    public void Return(long chatNo) => _left?.Remove(chatNo);

    /// <summary>Takes out the chats that its person has left.</summary>
    public void Thin(List<ChatChannel> chats)
    {
        if (_left is { Count: > 0 } left)
            chats.RemoveAll(chat => left.Contains(chat.No));
    }

    /// <summary>
    /// This one may be another way now; false when what was told of them is how they are. Of oneself one is told more than is shown.
    /// </summary>
    public bool Mark(UserId user, PresenceStatus? shown)
    {
        var at = Array.BinarySearch(_people, user, ById.Instance);
        if (at < 0 || (user != Socket.User && _told[at] == (byte?)shown + 1))
            return false;
        _told[at] |= Marked;
        return true;
    }

    /// <summary>Looks at everybody once more; afresh, as if nothing had been told yet.</summary>
    public void MarkAll(bool afresh)
    {
        for (var i = 0; i < _told.Length; i++)
            _told[i] = afresh ? Marked : (byte)(_told[i] | Marked);
    }

    public void MarkAllSince(DateTimeOffset since)
    {
        Since = since;
        MarkAll(afresh: true);
    }

    /// <summary>Those who may be another way.</summary>
    public IEnumerable<UserId> MarkedPeople()
    {
        for (var i = 0; i < _told.Length; i++)
        {
            if ((_told[i] & Marked) != 0)
                yield return _people[i];
        }
    }

    /// <summary>
    /// What is news of the marked ones, given what may be seen of each: null where nothing may. <paramref name="words"/> gets what is
    /// to be noted of them, and the marks stay until <see cref="Told"/> is called with it.
    /// </summary>
    public List<OutFrame> News(Func<UserId, PresenceStatus?> see, Func<UserId, PresenceStatus?, OutFrame> write, List<byte> words)
    {
        var news = new List<OutFrame>();
        words.Clear();
        for (var i = 0; i < _told.Length; i++)
        {
            if ((_told[i] & Marked) == 0)
                continue;
            var before = (byte)(_told[i] & ~Marked);
            var after = Word(before, see(_people[i]));
            words.Add(after);
            if (after != before)
                news.Add(write(_people[i], after == Hidden ? null : (PresenceStatus)(after - 1)));
        }

        return news;
    }

    /// <summary>It was told all of it.</summary>
    public void Told(List<byte> words)
    {
        var next = 0;
        for (var i = 0; i < _told.Length; i++)
        {
            if ((_told[i] & Marked) != 0)
                _told[i] = words[next++];
        }
    }

    // Who may not be seen any more goes offline once; of whom nothing was told, nothing is.
    private static byte Word(byte before, PresenceStatus? seen) => seen switch
    {
        { } status => (byte)((byte)status + 1),
        null when before is Nothing or Hidden or (byte)PresenceStatus.Offline + 1 => before,
        null => Hidden,
    };

    private sealed class ById : IComparer<UserId>
    {
        public static readonly ById Instance = new();

        public int Compare(UserId x, UserId y) => x.Value.CompareTo(y.Value);
    }
}
