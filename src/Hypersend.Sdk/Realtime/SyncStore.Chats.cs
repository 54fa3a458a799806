using System.Collections.Immutable;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Sdk.Realtime;

internal sealed partial class SyncStore
{
    /// <summary>Of chats up to this size everybody hears who is there and how far they have read.</summary>
    private const int SmallChat = 50;

    /// <summary>What changed in one chat while nobody listened.</summary>
    private void Sync(ChatSync sync)
    {
        var id = sync.Chat.Id;
        var known = State.Chats.GetValueOrDefault(id);
        var chat = known ?? new LiveChat { Chat = sync.Chat, Rev = sync.Rev, Mine = Fresh(sync.Chat) };
        State = State with { Removed = State.Removed.Remove(id) };
        if (known is null)
            Happened(new ChatAdded(id));
        else if (sync.Reset)
            chat = Drop(chat, sync.Rev);

        // Events of a later rev may have come first; then the sync is the older news of the two.
        if (known is null || sync.Rev > known.Rev)
        {
            var lastSeq = Math.Max(sync.Chat.LastSeq, sync.Messages.Count > 0 ? sync.Messages[^1].Seq : 0);
            chat = chat with { Rev = sync.Rev, Chat = sync.Chat with { Rev = sync.Rev, LastSeq = lastSeq, ReadSeq = chat.Mine.ReadSeq } };
        }

        if (known is null || sync.Rev >= known.Rev)
            chat = chat with { Members = Meet(chat.Members, sync, isWhole: known is null || sync.Reset || LooseOf(id).IsNew) };
        chat = sync.Messages.Aggregate(chat, (kept, message) => Keep(kept, message, null));
        chat = Rename(chat, sync.Users.ToDictionary(person => person.Id));
        Put(chat);
        Happened(new ChatChanged(id));
        ApplyHeld(id);

        // A sync that nobody asked for does not say what waits for me.
        if (!IsAsked(id) && !TryRecount(id))
            Question(id);
    }

    /// <summary>Everything that the sync does not bring again, messages that came after it excepted.</summary>
    private LiveChat Drop(LiveChat chat, long rev)
    {
        if (chat.Messages.Count > 0)
            Happened(new ChatReset(chat.Chat.Id));
        return chat with { Messages = chat.Messages.Where(pair => pair.Value.Rev > rev).ToImmutableSortedDictionary() };
    }

    /// <summary>Who is in the chat: all of them, or who came and went since; of a large one, and of a channel to its readers, nobody says.</summary>
    private static ImmutableDictionary<UserId, SyncMember>? Meet(ImmutableDictionary<UserId, SyncMember>? known, ChatSync sync, bool isWhole)
    {
        if (sync.Chat.MemberCount > SmallChat || (isWhole && sync.Members is null))
            return null;
        var members = isWhole ? ImmutableDictionary<UserId, SyncMember>.Empty : known;
        foreach (var member in sync.Members ?? [])
            members = member.Left == true ? members?.Remove(member.User.Id) : members?.SetItem(member.User.Id, member);
        return members;
    }

    private void Created(ChatEventFrame created)
    {
        if (created.Chat is not { } view)
            return;
        State = State with { Removed = State.Removed.Remove(view.Id) };
        Put(new LiveChat { Chat = view with { Rev = created.Rev }, Rev = created.Rev, Mine = Fresh(view) });
        Happened(new ChatAdded(view.Id));

        // It tells of the chat, not of what was said in it before, who is there, and what waits for me.
        LooseOf(view.Id).IsNew = true;
        Question(view.Id);
    }

    private void Update(LiveChat chat, ChatEventFrame updated)
    {
        if (updated.Chat is { } view)
        {
            // What is mine of it is not in an event, and the name of a direct chat is the other's.
            var named = view.Type is not (ChatTypes.Direct or ChatTypes.Saved);
            chat = chat with
            {
                Chat = chat.Chat with
                {
                    Name = named ? view.Name : chat.Chat.Name,
                    Description = view.Description,
                    AvatarUrl = named ? view.AvatarUrl : chat.Chat.AvatarUrl,
                    Public = view.Public,
                    MemberCount = view.MemberCount,
                    Permissions = view.Permissions,
                },
            };
        }

        Put(chat);
        Happened(new ChatChanged(chat.Chat.Id));
    }

    private void ApplyMember(LiveChat chat, MemberEvent happened)
    {
        var left = happened.Type == EventTypes.MemberLeft;
        var member = new SyncMember { User = happened.User, Role = happened.Role, JoinedAt = happened.JoinedAt };
        chat = chat with
        {
            Members = left ? chat.Members?.Remove(happened.UserId) : chat.Members?.SetItem(happened.UserId, member),
            Peers = left ? chat.Peers.Remove(happened.UserId) : happened.Type == EventTypes.MemberJoined ? Welcome(chat, happened) : chat.Peers,
            Chat = chat.Chat with
            {
                MemberCount = happened.MemberCount,
                MyRole = happened.UserId == Me && !left ? happened.Role : chat.Chat.MyRole,
            },
        };
        Put(chat);
        Happened(new ChatChanged(chat.Chat.Id));
    }

    /// <summary>Who comes in, also a second time, counts as having read what was there before.</summary>
    private ImmutableDictionary<UserId, PeerMarks> Welcome(LiveChat chat, MemberEvent joined) =>
        joined.UserId == Me || joined.MemberCount > SmallChat || chat.Chat.Type == ChatTypes.Channel
            ? chat.Peers
            : chat.Peers.SetItem(joined.UserId, new PeerMarks { Read = chat.Chat.LastSeq, Delivered = chat.Chat.LastSeq });

    private void Remove(ChatId id)
    {
        if (State.Chats.ContainsKey(id))
            Happened(new ChatGone(id));
        State = State with { Chats = State.Chats.Remove(id), Removed = State.Removed.Add(id) };
        _loose.Remove(id);
        _questions.Remove(id);
        _unconfirmedReads.Remove(id);
    }

    private void RenamePerson(Person person)
    {
        var people = new Dictionary<UserId, Person> { [person.Id] = person };
        foreach (var (id, chat) in State.Chats)
        {
            var renamed = Rename(chat, people);
            if (renamed.Members?.TryGetValue(person.Id, out var member) == true)
                renamed = renamed with { Members = renamed.Members.SetItem(person.Id, member with { User = person }) };
            if (renamed.Chat.Peer is { } peer && peer.Id == person.Id)
            {
                renamed = renamed with
                {
                    Chat = renamed.Chat with
                    {
                        Name = person.Name,
                        AvatarUrl = person.AvatarUrl,
                        Peer = peer with { Username = person.Username, Name = person.Name, AvatarUrl = person.AvatarUrl },
                    },
                };
            }

            if (!ReferenceEquals(renamed, chat))
                State = State with { Chats = State.Chats.SetItem(id, renamed) };
        }

        Happened(new PersonChanged(person));
    }
}
