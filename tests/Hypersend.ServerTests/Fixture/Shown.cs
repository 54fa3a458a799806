using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Realtime;

namespace Hypersend.ServerTests.Fixture;

/// <summary>A screen: shows every message when it becomes known, and notes which it showed a second time.</summary>
internal sealed class Shown
{
    private readonly Task _watching;
    private readonly HashSet<MessageId> _shown = [];
    private readonly List<MessageId> _twice = [];
    private readonly HashSet<ChatId> _reset = [];

    public Shown(LiveClient live) => _watching = WatchAsync(live.EventsAsync());

    /// <summary>Messages that were shown although they were on the screen already.</summary>
    public IReadOnlyList<MessageId> Twice
    {
        get
        {
            lock (_shown)
                return [.. _twice];
        }
    }

    /// <summary>Whether this chat has started afresh, or was away for a while.</summary>
    public bool WasReset(ChatId chat)
    {
        lock (_shown)
            return _reset.Contains(chat);
    }

    /// <summary>Ends with the client.</summary>
    public Task Ended => _watching;

    private async Task WatchAsync(IAsyncEnumerable<LiveEvent> events)
    {
        await foreach (var happened in events)
        {
            lock (_shown)
                Show(happened);
        }
    }

    private void Show(LiveEvent happened)
    {
        switch (happened)
        {
            case MessageChanged { Before: null } change when !_shown.Add(change.Message.Id):
                _twice.Add(change.Message.Id);
                break;
            case ChatReset reset:
                _reset.Add(reset.Chat);
                _shown.RemoveWhere(id => id.Chat == reset.Chat);
                break;
            case ChatGone gone:
                _reset.Add(gone.Chat);
                _shown.RemoveWhere(id => id.Chat == gone.Chat);
                break;
            case StartedAfresh or EventsMissed:
                _shown.Clear();
                break;
        }
    }
}
