using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Sdk.Realtime;

internal sealed partial class SyncStore
{
    /// <summary>The acknowledgement of my own send or change: the message is shown at once, the cursor moves only by the rule.</summary>
    public void Acknowledge(Message message, ReactionChange? reaction)
    {
        if (!State.Chats.TryGetValue(message.ChatId, out var chat))
            return;
        if (message.Rev != chat.Rev + 1)
        {
            Put(Keep(chat, message, reaction));
            return;
        }

        var next = chat with { Rev = message.Rev, Chat = chat.Chat with { Rev = message.Rev } };
        ApplyMessage(next, new MessageEvent { Type = EventTypes.Message, ChatId = message.ChatId, Rev = message.Rev, Message = message, Reaction = reaction });
        ApplyHeld(message.ChatId);
    }

    /// <summary>Messages that were read by a call of their own; they say nothing about what happened since.</summary>
    public void Merge(ChatId id, string? epoch, IEnumerable<Message> messages)
    {
        // Asked before the first welcome, they are of the server that says it now.
        if ((epoch is not null && epoch != State.Epoch) || !State.Chats.TryGetValue(id, out var chat))
            return;
        Put(messages.Aggregate(chat, (kept, message) => Keep(kept, message, null)));
    }

    private void ApplyMessage(LiveChat chat, MessageEvent happened)
    {
        var message = happened.Message;
        var known = chat.Messages.GetValueOrDefault(message.Seq);
        var isNew = message.Seq > chat.Chat.LastSeq;
        chat = Count(chat, known, happened, isNew);
        if (isNew)
            chat = chat with { Chat = chat.Chat with { LastSeq = message.Seq } };
        Put(Keep(chat, message, happened.Reaction));
    }

    /// <summary>Of two versions the one with the higher rev stays; it takes over what only the other one says about me.</summary>
    private LiveChat Keep(LiveChat chat, Message message, ReactionChange? change)
    {
        var known = chat.Messages.GetValueOrDefault(message.Seq);
        if (known is not null && (known.Rev > message.Rev || (known.Rev == message.Rev && (KnowsMine(known) || !KnowsMine(message)))))
            return chat;
        var kept = message with
        {
            Bookmarked = message.Bookmarked ?? known?.Bookmarked,
            Reactions = [.. message.Reactions.Select(reaction => reaction with { Me = IsMine(reaction, known, change) })],
        };
        Happened(new MessageChanged(chat.Chat.Id, kept, known));
        return chat with { Messages = chat.Messages.SetItem(message.Seq, kept) };
    }

    /// <summary>
    /// An event that a server repaired shows that reactions changed and not who did it. It may have been me, on another
    /// device, so the chat is asked for instead: that answer says which are mine.
    /// </summary>
    private static bool HidesReaction(LiveChat chat, MessageEvent happened)
    {
        var (message, known) = (happened.Message, chat.Messages.GetValueOrDefault(happened.Message.Seq));
        if (happened.Reaction is not null || message.Reactions.Count == 0)
            return false;
        return known is null
            ? message.Seq > chat.Chat.LastSeq
            : known.Rev < message.Rev && !message.Reactions.Select(Bare).SequenceEqual(known.Reactions.Select(Bare));
        static (string, int) Bare(Reaction reaction) => (reaction.Emoji, reaction.Count);
    }

    private bool? IsMine(Reaction reaction, Message? known, ReactionChange? change)
    {
        if (reaction.Me is { } said)
            return said;
        if (change is not null && change.UserId == Me && change.Emoji == reaction.Emoji)
            return change.On;

        // Of a message that I have not seen before, nobody can tell what I did to it.
        if (known is null)
            return null;
        var before = known.Reactions.FirstOrDefault(other => other.Emoji == reaction.Emoji);
        return before is null ? false : before.Me;
    }

    private static bool KnowsMine(Message message) => message.Reactions.All(reaction => reaction.Me is not null);

    /// <summary>The people of the cards are shown under their newest name wherever they appear.</summary>
    private static LiveChat Rename(LiveChat chat, IReadOnlyDictionary<UserId, Person> people)
    {
        var messages = chat.Messages;
        foreach (var (seq, message) in chat.Messages)
        {
            var sender = people.GetValueOrDefault(message.Sender.Id) ?? message.Sender;
            var author = message.ForwardedSender is { } forwarded ? people.GetValueOrDefault(forwarded.Id) ?? forwarded : null;
            if (sender != message.Sender || author != message.ForwardedSender)
                messages = messages.SetItem(seq, message with { Sender = sender, ForwardedSender = author });
        }

        return ReferenceEquals(messages, chat.Messages) ? chat : chat with { Messages = messages };
    }
}
