using System.Collections.Concurrent;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Realtime.Fanout;

/// <summary>
/// Who listens here, by chat and by person. What the bus brings is handed to the channel it is for; what nobody here
/// listens to is dropped.
/// </summary>
internal sealed class LiveHub(ISyncStore store, TimeProvider clock, ILogger<LiveHub> log)
{
    private static readonly List<Listener> Nobody = [];

    private readonly ConcurrentDictionary<long, ChatChannel> _channels = new();
    private readonly Dictionary<UserId, Listener> _people = [];
    private readonly Lock _peopleGate = new();
    private long _beat;

    public ISyncStore Store => store;

    public TimeProvider Clock => clock;

    public ILogger Log => log;

    /// <summary>Counts the seconds; a channel notes at which it moved.</summary>
    public long Beat => Volatile.Read(ref _beat);

    public int ChannelCount => _channels.Count;

    public bool IsQuiet => _channels.IsEmpty;

    public void NextBeat() => Interlocked.Increment(ref _beat);

    /// <summary>From here on the listener gets what is for its person, and a seat in every chat they come into.</summary>
    public void Enter(Listener listener)
    {
        lock (_peopleGate)
        {
            listener.Next = _people.GetValueOrDefault(listener.User);
            _people[listener.User] = listener;
        }
    }

    /// <summary>Takes seats in chats that the person was found to be in.</summary>
    public async ValueTask SitAsync(Listener listener, IReadOnlyList<ListenedChat> chats, CancellationToken cancellation)
    {
        foreach (var chat in chats)
        {
            if (Sit(listener, chat) == SeatOutcome.Doubtful)
                await SitAgainAsync(listener, chat, cancellation);
        }
    }

    /// <summary>Forgets a listener and its seats.</summary>
    public void Exit(Listener listener)
    {
        lock (_peopleGate)
        {
            if (!_people.TryGetValue(listener.User, out var one))
                return;
            if (one != listener)
            {
                while (one.Next is { } next && next != listener)
                    one = next;
                if (one.Next == listener)
                    one.Next = listener.Next;
            }
            else if (listener.Next is { } next)
            {
                _people[listener.User] = next;
            }
            else
            {
                _people.Remove(listener.User);
            }
        }

        listener.LeaveAll();
    }

    public List<Listener> ListenersOf(UserId user)
    {
        lock (_peopleGate)
        {
            if (!_people.TryGetValue(user, out var one))
                return Nobody;
            List<Listener> all = [one];
            while (one.Next is { } next)
                all.Add(one = next);
            return all;
        }
    }

    public void Forget(ChatChannel channel) => _channels.TryRemove(new(channel.No, channel));

    /// <summary>Takes what the bus brings; never waits.</summary>
    public void Receive(BusMessage message)
    {
        switch (message)
        {
            case ChatCommit commit:
                Receive(commit);
                break;
            case ChatNotice notice:
                Post(notice.ChatNo, notice);
                break;
            case UserNotice notice:
                TellPerson(notice);
                break;
            case PersonNotice notice:
                // To many people: not on the time of whoever changed their name.
                ThreadPool.UnsafeQueueUserWorkItem(static told => told.Hub.TellAbout(told.Notice), (Hub: this, Notice: notice), preferLocal: false);
                break;
        }
    }

    /// <summary>The database says how far chats are; channels that are behind look for what they missed.</summary>
    public void Look(IReadOnlyList<ChatHead> heads)
    {
        foreach (var head in heads)
        {
            if (_channels.TryGetValue(head.ChatNo, out var channel) && (head.Rev > channel.LastRev || head.MembersVersion > channel.MembersVersion))
                channel.Post(new HeadSeen(head));
        }
    }

    /// <summary>The person is in that chat, says the database, and one of their devices does not listen to it.</summary>
    public bool IsMissedBy(Newcomer newcomer) => ListenersOf(newcomer.UserId).Exists(one => !one.HasSeat(newcomer.ChatNo));

    /// <summary>People were found in a chat whose coming was not heard of here.</summary>
    public void Seat(ListenedChat chat, IReadOnlyList<MemberMove> newcomers)
    {
        var head = new ChatHead { ChatNo = chat.No, Rev = chat.Rev, MembersVersion = chat.MembersVersion };
        while (!Post(chat.No, new NewcomersSeen(head, newcomers)))
            ChannelOf(chat);
    }

    private void Receive(ChatCommit commit)
    {
        while (!Post(commit.ChatNo, commit))
        {
            if (!HasComers(commit))
                return;
            var first = commit.Events.Count > 0 ? commit.Events[0].Rev - 1 : commit.HeadRev;
            ChannelOf(new ListenedChat
            {
                No = commit.ChatNo,
                Id = commit.Chat,
                Type = commit.Type,
                Rev = first,
                MembersVersion = commit.MembersVersion - 1,
                MemberCount = commit.MemberCount ?? 0,
            });
        }
    }

    private bool HasComers(ChatCommit commit)
    {
        foreach (var move in commit.Moves)
        {
            if (move.In && ListenersOf(move.User).Count > 0)
                return true;
        }

        return false;
    }

    private bool Post(long chatNo, BusMessage message) => _channels.TryGetValue(chatNo, out var channel) && channel.Post(message);

    private ChatChannel ChannelOf(ListenedChat chat) => _channels.GetOrAdd(chat.No, static (_, made) => new ChatChannel(made.Hub, made.Chat), (Hub: this, Chat: chat));

    private SeatOutcome Sit(Listener listener, ListenedChat chat)
    {
        while (true)
        {
            var channel = ChannelOf(chat);
            var outcome = listener.Sit(channel, chat.MembersVersion, floor: 0, chat.VisibleFrom, out _);
            if (outcome == SeatOutcome.Left)
                channel.GiveUpWhenEmpty();
            if (outcome != SeatOutcome.ChannelGone)
                return outcome;
        }
    }

    // The list of members moved between the reading and the sitting down. It is read once more, and then it counts: should
    // it move again, the channel finds out who is not in it.
    private async ValueTask SitAgainAsync(Listener listener, ListenedChat chat, CancellationToken cancellation)
    {
        for (var tries = 0; tries < 5; tries++)
        {
            var (version, members) = await store.MembersAmongAsync(chat.No, [listener.User], cancellation);
            if (!members.Contains(listener.User) || Sit(listener, chat with { MembersVersion = version }) != SeatOutcome.Doubtful)
                return;
        }
    }

    private void TellPerson(UserNotice notice)
    {
        OutFrame? frame = null;
        foreach (var listener in ListenersOf(notice.User))
        {
            // A socket for one chat hears what is about that chat.
            if (listener.Only is { } only && notice.Json.Span.IndexOf(System.Text.Encoding.UTF8.GetBytes(only.ToString())) < 0)
                continue;
            listener.Tell(frame ??= OutFrame.Of(notice.Json.Span, FrameKind.Event));
        }
    }

    private void TellAbout(PersonNotice notice)
    {
        var listeners = new HashSet<Listener>(ListenersOf(notice.User));
        foreach (var no in notice.Chats)
        {
            if (_channels.TryGetValue(no, out var channel))
                channel.CollectListeners(listeners);
        }

        if (listeners.Count == 0)
            return;
        var frame = OutFrame.Of(notice.Json.Span, FrameKind.Event);
        foreach (var listener in listeners)
            listener.Tell(frame);
    }
}
