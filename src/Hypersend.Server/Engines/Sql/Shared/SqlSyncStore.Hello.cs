using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>The answer to hello: one snapshot, one query for my seats, one more for each chat that moved.</summary>
internal sealed partial class SqlSyncStore
{
    /// <summary>What a chat that starts afresh shows at once.</summary>
    private const int FreshPage = 50;

    public Task<SyncAnswer> SyncAsync(
        UserId user, IReadOnlyDictionary<ChatId, long> cursors, IReadOnlyCollection<ChatId>? only, CancellationToken cancellation) =>
        database.SnapshotAsync(sql => new SyncRun(sql, user, cursors, presence, clock.GetUtcNow()).ReadAsync(only), cancellation);

    private sealed class SyncRun(SqlSession sql, UserId user, IReadOnlyDictionary<ChatId, long> cursors, PresenceTable presence, DateTimeOffset now)
    {
        public async Task<SyncAnswer> ReadAsync(IReadOnlyCollection<ChatId>? only)
        {
            var seats = await SeatsAsync(only);
            var shown = seats.Where(seat => !seat.IsHidden).ToList();
            var moved = shown.Where(seat => !cursors.TryGetValue(seat.Id, out var rev) || rev != seat.Rev).ToList();
            var syncs = await SyncsAsync(moved);
            var states = await StatesAsync(shown);
            var here = shown.Select(seat => seat.Id).ToHashSet();
            return new SyncAnswer(
                syncs,
                states,
                [.. seats.Select(seat => new ListenedChat { No = seat.No, Id = seat.Id, Type = seat.Type, Rev = seat.Rev, MembersVersion = seat.MembersVersion, MemberCount = seat.MemberCount, VisibleFrom = seat.VisibleFrom })],
                [.. (only ?? cursors.Keys).Where(id => !here.Contains(id))]);
        }

        private async Task<IReadOnlyList<SeatRow>> SeatsAsync(IReadOnlyCollection<ChatId>? only)
        {
            const string Mine = SeatRow.Select + " WHERE m.user_id = @user AND m.left_at IS NULL";
            if (only is null)
                return await sql.ListAsync<SeatRow>(Mine, new { user, nobody = default(UserId) });
            var seats = new List<SeatRow>(only.Count);
            foreach (var id in only)
            {
                if (await sql.FindAsync<SeatRow>(Mine + " AND c.id = @id", new { user, id, nobody = default(UserId) }) is { } seat)
                    seats.Add(seat);
            }

            return seats;
        }

        private async Task<IReadOnlyList<(long, ChatSync)>> SyncsAsync(List<SeatRow> moved)
        {
            if (moved.Count == 0)
                return [];
            var peers = await SqlPeers.FindAsync(sql, user, [.. moved.Where(seat => seat.Type == ChatTypes.Direct).Select(seat => seat.No)], presence);
            var members = (await MembersAsync([.. moved.Where(seat => ChatRules.ListsMembers(seat.Standing, seat.MemberCount)).Select(seat => seat.No)])).ToLookup(row => row.ChatNo);
            var lasts = await LastsAsync([.. moved.Where(seat => !cursors.ContainsKey(seat.Id))]);
            var rows = new Dictionary<long, (IReadOnlyList<MessageRow> Rows, bool Reset)>();
            foreach (var seat in moved)
                rows[seat.No] = cursors.TryGetValue(seat.Id, out var cursor) ? await SinceAsync(seat, cursor) : ([.. lasts[seat.No]], true);

            // What is the viewer's own of all these messages, in one query each.
            var chatOf = moved.ToDictionary(seat => seat.No, seat => seat.Id);
            var seen = (await SqlMessageStore.SeenAsync(sql, [.. rows.Values.SelectMany(pair => pair.Rows)], user, row => chatOf[MessageKey.ChatOf(row.Key)]))
                .ToLookup(message => MessageKey.ChatOf(message.Row.Key));
            return [.. moved.Select(seat => (seat.No, ToSync(seat, peers.GetValueOrDefault(seat.No), seen[seat.No], members[seat.No], rows[seat.No].Reset)))];
        }

        private ChatSync ToSync(SeatRow seat, Contracts.Users.User? peer, IEnumerable<MessageSeen> seen, IEnumerable<MemberRow> members, bool reset)
        {
            Message[] messages = [.. seen.OrderBy(message => message.Row.Key).Select(message => message.Show(now))];
            var cursor = reset ? -1 : cursors[seat.Id];
            SyncMember[] changed = [.. members.Where(member => reset ? member.LeftAt is null : member.Rev > cursor).Select(member => member.ToWire())];
            return new ChatSync
            {
                Chat = seat.ToChat(peer),
                Messages = messages,
                Users = [.. messages.Select(message => message.Sender).DistinctBy(person => person.Id)],
                Members = changed.Length == 0 ? null : changed,
                Rev = seat.Rev,
                Reset = reset,
            };
        }

        private async Task<(IReadOnlyList<MessageRow> Rows, bool Reset)> SinceAsync(SeatRow seat, long cursor)
        {
            // A cursor from the future is of another database than this one.
            if (cursor <= seat.Rev && cursor >= 0)
            {
                var rows = await ChangedAsync(sql, seat.No, cursor, seat.VisibleFrom);
                if (rows.Count <= ISyncStore.MostChanges)
                    return (rows, false);
            }

            return (await SqlMessages.ListAsync(
                sql,
                " WHERE x.key > @first AND x.key <= @last ORDER BY x.key DESC LIMIT @limit",
                new { first = MessageKey.Of(seat.No, seat.VisibleFrom), last = MessageKey.LastOf(seat.No), limit = FreshPage }), true);
        }

        private async Task<ILookup<long, MessageRow>> LastsAsync(List<SeatRow> fresh)
        {
            long[] keys = [.. fresh.Where(seat => seat.Seq > seat.VisibleFrom).Select(seat => MessageKey.Of(seat.No, seat.Seq))];
            var rows = keys.Length == 0
                ? []
                : await SqlMessages.ListAsync(sql, " WHERE x.key " + sql.Dialect.In("keys"), sql.Dialect.Keys(keys));
            return rows.ToLookup(row => MessageKey.ChatOf(row.Key));
        }

        private async Task<IReadOnlyList<MemberRow>> MembersAsync(IReadOnlyCollection<long> chats) => chats.Count == 0
            ? []
            : await sql.ListAsync<MemberRow>(
                $"""
                SELECT m.chat_no, m.user_id, m.role, m.joined_at, m.left_at, m.rev, m.read_seq, m.delivered_seq, u.username, u.name, u.avatar_hash
                FROM chat_members m JOIN users u ON u.id = m.user_id WHERE m.chat_no {sql.Dialect.In("keys")}
                """,
                sql.Dialect.Keys(chats));

        private async Task<IReadOnlyList<ChatState>> StatesAsync(List<SeatRow> shown)
        {
            long[] small = [.. shown.Where(seat => seat.MemberCount > 1 && ChatRules.TellsMarks(seat.Type, seat.MemberCount)).Select(seat => seat.No)];
            var marks = small.Length == 0
                ? []
                : await sql.ListAsync<MarkOfPeer>(
                    $"""
                    SELECT m.chat_no, m.user_id, CASE WHEN u.hides_reading THEN 0 ELSE m.read_seq END AS read_seq,
                        CASE WHEN m.read_seq > m.delivered_seq THEN m.read_seq ELSE m.delivered_seq END AS delivered_seq
                    FROM chat_members m JOIN users u ON u.id = m.user_id
                    WHERE m.chat_no {sql.Dialect.In("keys")} AND m.left_at IS NULL AND m.user_id <> @user
                    """,
                    sql.Dialect.Keys(small, new { user }));
            var peers = marks.ToLookup(mark => mark.ChatNo);
            return [.. shown.Select(seat => ToState(seat, peers[seat.No]))];
        }

        private static ChatState ToState(SeatRow seat, IEnumerable<MarkOfPeer> peers)
        {
            var marks = peers.ToDictionary(
                mark => mark.UserId.ToString(), mark => new PeerMarks { Read = mark.ReadSeq, Delivered = Math.Max(mark.ReadSeq, mark.DeliveredSeq) });
            return new ChatState
            {
                Id = seat.Id,
                Rev = seat.Rev,
                ReadSeq = seat.ReadSeq,
                Unread = seat.Unread,
                Mentions = seat.Mentions,
                MutedUntil = seat.MutedUntil,
                Pinned = seat.Pinned,
                Archived = seat.Archived,
                Draft = seat.Draft,
                Peers = marks.Count == 0 ? null : marks,
            };
        }
    }

    private sealed record MarkOfPeer
    {
        public long ChatNo { get; init; }

        public UserId UserId { get; init; }

        public long ReadSeq { get; init; }

        public long DeliveredSeq { get; init; }
    }

    private sealed record MemberRow
    {
        public long ChatNo { get; init; }

        public UserId UserId { get; init; }

        public string Role { get; init; } = "";

        public DateTimeOffset JoinedAt { get; init; }

        public DateTimeOffset? LeftAt { get; init; }

        public long Rev { get; init; }

        public string Username { get; init; } = "";

        public string Name { get; init; } = "";

        public string? AvatarHash { get; init; }

        public SyncMember ToWire() => new()
        {
            User = new Person { Id = UserId, Username = Username, Name = Name, AvatarUrl = UserRules.AvatarUrl(UserId, AvatarHash) },
            Role = Role,
            JoinedAt = JoinedAt,
            Left = LeftAt is null ? null : true,
        };
    }
}
