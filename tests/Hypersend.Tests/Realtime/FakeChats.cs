using System.Globalization;
using System.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime;

namespace Hypersend.Tests.Realtime;

/// <summary>Chats as the database would have them: what is committed here can be read at once, and becomes a bus message.</summary>
internal sealed class FakeChats : ISyncStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, FakeChat> _chats = [];

    /// <summary>How often changes were read to mend something.</summary>
    public int Repairs { get; private set; }

    /// <summary>The database does not answer.</summary>
    public bool IsAway { get; set; }

    /// <summary>The reading of changes gives up, as with too many of them.</summary>
    public bool HasTooMany { get; set; }

    /// <summary>What happens once, just after somebody has read where their chats stand.</summary>
    public Action? AfterSync { get; set; }

    public ListenedChat Add(long no, params UserId[] members)
    {
        lock (_gate)
        {
            _chats[no] = new FakeChat(new ChatId(new Guid((int)no, 1, 1, new byte[8]))) { Rev = 1, Version = 1, Members = [.. members] };
            return Listened(no);
        }
    }

    /// <summary>Some changes in one commit, with who came and who left.</summary>
    public ChatCommit Commit(long no, int events, UserId[]? joined = null, UserId[]? left = null)
    {
        lock (_gate)
        {
            var chat = _chats[no];
            var made = Enumerable.Range(0, events).Select(_ => EventOf(chat.Id, ++chat.Rev)).ToArray();
            chat.Events.AddRange(made);
            var moves = new List<MemberMove>();
            foreach (var user in left ?? [])
            {
                chat.Members.Remove(user);
                moves.Add(new MemberMove(user, In: false, Frame("chat.removed", chat)));
            }

            foreach (var user in joined ?? [])
            {
                chat.Members.Add(user);
                moves.Add(new MemberMove(user, In: true, Frame("chat.created", chat)));
            }

            if (moves.Count > 0)
                chat.Version++;
            return new ChatCommit(no, chat.Id, chat.Version, made, moves) { HeadRev = chat.Rev, MemberCount = chat.Members.Count };
        }
    }

    public bool IsMember(long no, UserId user)
    {
        lock (_gate)
            return _chats[no].Members.Contains(user);
    }

    public ListenedChat Listened(long no)
    {
        lock (_gate)
        {
            var chat = _chats[no];
            return new ListenedChat { No = no, Id = chat.Id, Rev = chat.Rev, MembersVersion = chat.Version, MemberCount = chat.Members.Count };
        }
    }

    public IReadOnlyList<ChatHead> Heads()
    {
        lock (_gate)
            return [.. _chats.Select(pair => new ChatHead { ChatNo = pair.Key, Rev = pair.Value.Rev, MembersVersion = pair.Value.Version })];
    }

    public Task<IReadOnlyList<ListenedChat>> ChatsOfAsync(UserId user, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<ListenedChat>>([.. _chats.Where(pair => pair.Value.Members.Contains(user)).Select(pair => Listened(pair.Key))]);
    }

    public async Task<SyncAnswer> SyncAsync(UserId user, IReadOnlyDictionary<ChatId, long> cursors, IReadOnlyCollection<ChatId>? only, CancellationToken cancellation)
    {
        var listened = (await ChatsOfAsync(user, cancellation)).Where(chat => only is null || only.Contains(chat.Id)).ToList();
        var happens = AfterSync;
        AfterSync = null;
        happens?.Invoke();
        return new SyncAnswer([], [], listened, []);
    }

    public async Task<IReadOnlyList<ChatEvent>?> ChangesAsync(long chatNo, long afterRev, CancellationToken cancellation)
    {
        await AnswerAsync();
        lock (_gate)
        {
            Repairs++;
            return HasTooMany ? null : [.. _chats[chatNo].Events.Where(one => one.Rev > afterRev)];
        }
    }

    public async Task<IReadOnlyList<ChatHead>> HeadsAsync(IReadOnlyCollection<long> chats, CancellationToken cancellation)
    {
        await AnswerAsync();
        return [.. Heads().Where(head => chats.Contains(head.ChatNo))];
    }

    public async Task<IReadOnlyList<ChatHead>> MovedSinceAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        await AnswerAsync();
        return Heads();
    }

    public Task<IReadOnlyList<Newcomer>> JoinedSinceAsync(DateTimeOffset since, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Newcomer>>([]);

    public async Task<(long Version, IReadOnlyList<UserId> Members)> MembersAmongAsync(long chatNo, IReadOnlyCollection<UserId> users, CancellationToken cancellation)
    {
        await AnswerAsync();
        lock (_gate)
            return (_chats[chatNo].Version, [.. users.Where(_chats[chatNo].Members.Contains)]);
    }

    private async Task AnswerAsync()
    {
        await Task.Yield();
        if (IsAway)
            throw new IOException("The database is away.");
    }

    private static ChatEvent EventOf(ChatId chat, long rev) => new(
        rev, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"type":"message","chat_id":"{{chat}}","rev":{{rev}}}""")));

    private static byte[] Frame(string type, FakeChat chat) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"type":"{{type}}","chat_id":"{{chat.Id}}","rev":{{chat.Rev}}}"""));

    private sealed class FakeChat(ChatId id)
    {
        public ChatId Id => id;

        public long Rev { get; set; }

        public long Version { get; set; }

        public HashSet<UserId> Members { get; init; } = [];

        public List<ChatEvent> Events { get; } = [];
    }
}
