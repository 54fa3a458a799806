using System.Collections.Immutable;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Sdk.Realtime;

internal sealed partial class SyncStore
{
    /// <summary>I have read this far here; the server hears of it, and my other devices from there.</summary>
    public bool ReadHere(ChatId id, long seq)
    {
        if (!State.Chats.TryGetValue(id, out var chat) || seq <= chat.Mine.ReadSeq || seq > chat.Chat.LastSeq)
            return false;
        _unconfirmedReads[id] = seq;
        MoveReadMark(chat, seq, chat.Mine.Unread, chat.Mine.Mentions);
        Happened(new ChatChanged(id));
        return true;
    }

    /// <summary>The answer to a <c>hello</c> is complete, or this piece of it.</summary>
    private void Synced(Synced synced)
    {
        foreach (var id in synced.Removed)
            Remove(id);
        foreach (var mine in synced.Chats)
        {
            if (State.Chats.TryGetValue(mine.Id, out var chat))
                Settle(chat, mine);
        }

        if (!synced.Last)
            return;
        _asking = IsCoveringAll = false;
        foreach (var (id, loose) in _loose)
        {
            loose.Asked = false;
            if (loose.IsNew || loose.Held.Count > 0)
                Question(id);
        }
    }

    private void Settle(LiveChat chat, ChatState mine)
    {
        var loose = LooseOf(chat.Chat.Id);
        var now = chat.Mine;
        Confirm(chat.Chat.Id, mine.ReadSeq);
        if (!loose.SettingsCame)
            now = now with { MutedUntil = mine.MutedUntil, Pinned = mine.Pinned, Archived = mine.Archived, Draft = mine.Draft };
        var isNewer = mine.ReadSeq >= now.ReadSeq;
        if (isNewer)
        {
            var later = loose.Counted.Where(count => count.Rev > mine.Rev && count.Seq > mine.ReadSeq).ToList();
            now = now with
            {
                ReadSeq = mine.ReadSeq,
                Unread = mine.Unread + later.Sum(count => count.Unread),
                Mentions = mine.Mentions + later.Sum(count => count.Mentions),
            };
        }

        chat = chat with { Peers = SettlePeers(chat.Peers, mine.Peers) };
        loose.Answered();
        Put(chat with { Mine = now, Chat = chat.Chat with { ReadSeq = now.ReadSeq } });
        Happened(new ChatChanged(chat.Chat.Id));
        ApplyHeld(chat.Chat.Id);
        if (State.Chats[chat.Chat.Id].Rev < mine.Rev)
            Question(chat.Chat.Id);

        // What I have just read here, the server may not know yet; its own event tells when it does.
        if (!isNewer)
            TryRecount(chat.Chat.Id);
    }

    /// <summary>Whoever is there now, as far as the answer or a later event says.</summary>
    private static ImmutableDictionary<UserId, PeerMarks> SettlePeers(ImmutableDictionary<UserId, PeerMarks> known, IReadOnlyDictionary<string, PeerMarks>? said)
    {
        var peers = ImmutableDictionary<UserId, PeerMarks>.Empty;
        foreach (var (text, marks) in said ?? ImmutableDictionary<string, PeerMarks>.Empty)
        {
            var user = IdText.Read<UserId>(text);
            peers = peers.SetItem(user, known.TryGetValue(user, out var before) ? Later(before, marks) : marks);
        }

        return peers;
    }

    private static PeerMarks Later(PeerMarks one, PeerMarks other) =>
        new() { Read = Math.Max(one.Read, other.Read), Delivered = Math.Max(one.Delivered, other.Delivered) };

    /// <summary>How far somebody is. My own marks come from my other devices and this one, with what is left to read.</summary>
    private void Mark(MarkEvent mark)
    {
        if (!State.Chats.TryGetValue(mark.ChatId, out var chat))
            return;
        var isRead = mark.Type == EventTypes.Read;
        if (isRead && mark.UserId == Me)
            Confirm(mark.ChatId, mark.Seq);
        if (mark.UserId != Me)
        {
            // Somebody came in without a word, as in rooms, so that their other mark is not known.
            if (!chat.Peers.ContainsKey(mark.UserId))
                Doubt(mark.ChatId);
            Put(MovePeer(chat, mark.UserId, isRead ? mark.Seq : 0, mark.Seq));
        }
        else if (isRead && mark.Seq >= chat.Mine.ReadSeq && !MoveReadMark(chat, mark.Seq, mark.Unread ?? chat.Mine.Unread, mark.Mentions ?? chat.Mine.Mentions))
            Doubt(mark.ChatId);
        Happened(new ChatChanged(mark.ChatId));
    }

    /// <summary>The server has the read mark of this device, or will not have it.</summary>
    public void Confirm(ChatId id, long readSeq)
    {
        if (_unconfirmedReads.TryGetValue(id, out var wanted) && readSeq >= wanted)
            _unconfirmedReads.Remove(id);
    }

    private static LiveChat MovePeer(LiveChat chat, UserId user, long read, long delivered)
    {
        var marks = new PeerMarks { Read = read, Delivered = Math.Max(read, delivered) };
        return chat with { Peers = chat.Peers.SetItem(user, chat.Peers.TryGetValue(user, out var before) ? Later(before, marks) : marks) };
    }

    /// <summary>False when the counts are only what somebody said of another moment.</summary>
    private bool MoveReadMark(LiveChat chat, long seq, long unread, long mentions)
    {
        Put(chat with
        {
            Chat = chat.Chat with { ReadSeq = seq },
            Mine = chat.Mine with { ReadSeq = seq, Unread = unread, Mentions = mentions },
        });
        return TryRecount(chat.Chat.Id);
    }

    private void Settings(ChatSettingsEvent settings)
    {
        if (!State.Chats.TryGetValue(settings.ChatId, out var chat))
            return;
        LooseOf(settings.ChatId).SettingsCame = true;
        Put(chat with
        {
            Mine = chat.Mine with { MutedUntil = settings.MutedUntil, Pinned = settings.Pinned, Archived = settings.Archived, Draft = settings.Draft },
        });
        Happened(new ChatChanged(settings.ChatId));
    }

    /// <summary>What a message's event does to what waits for me there.</summary>
    private LiveChat Count(LiveChat chat, Message? known, MessageEvent happened, bool isNew)
    {
        var message = happened.Message;
        if (message.Sender.Id == Me || message.Type == MessageTypes.System)
            return chat;
        var (unread, mentions) = (0L, 0L);
        if (isNew)
        {
            (unread, mentions) = Waiting(message);
        }
        else if (known is not null && known.Rev < message.Rev)
        {
            var (before, now) = (Waiting(known), Waiting(message));
            (unread, mentions) = (now.Unread - before.Unread, now.Mentions - before.Mentions);
        }
        else if (message.Seq > chat.Mine.ReadSeq && happened.Reaction is null && (message.DeletedAt ?? message.FailedAt ?? message.EditedAt) is not null)
        {
            // Whether it called me before is not known here.
            Doubt(chat.Chat.Id);
        }

        if (IsAsked(chat.Chat.Id))
            LooseOf(chat.Chat.Id).Counted.Add((happened.Rev, message.Seq, unread, mentions));
        if (message.Seq <= chat.Mine.ReadSeq)
            return chat;
        return chat with { Mine = chat.Mine with { Unread = chat.Mine.Unread + unread, Mentions = chat.Mine.Mentions + mentions } };
    }

    /// <summary>Counts what waits by the messages themselves; false when not all of them are here.</summary>
    private bool TryRecount(ChatId id)
    {
        var chat = State.Chats[id];
        var (unread, mentions) = (0L, 0L);
        for (var seq = chat.Chat.LastSeq; seq > chat.Mine.ReadSeq; seq--)
        {
            if (!chat.Messages.TryGetValue(seq, out var message))
                return false;
            if (message.Sender.Id == Me || message.Type == MessageTypes.System)
                continue;
            var waiting = Waiting(message);
            (unread, mentions) = (unread + waiting.Unread, mentions + waiting.Mentions);
        }

        Put(chat with { Mine = chat.Mine with { Unread = unread, Mentions = mentions } });
        return true;
    }

    private (long Unread, long Mentions) Waiting(Message message) =>
        (message.DeletedAt ?? message.FailedAt) is not null ? (0, 0) : (1, message.MentionsAll || message.Mentions.Contains(Me) ? 1 : 0);

    private static MyChatState Fresh(Chat view) => new() { ReadSeq = view.ReadSeq ?? view.LastSeq };
}
