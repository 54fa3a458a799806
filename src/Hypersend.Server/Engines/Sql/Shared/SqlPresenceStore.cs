using Dapper;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlPresenceStore(SqlDatabase database) : IPresenceStore
{
    public Task<IReadOnlyList<Acquaintance>> FindAsync(IReadOnlyCollection<UserId> people, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<Acquaintance>>(
            async sql =>
            {
                // One statement: its ids are given over once, and not once for each of the four tables.
                var values = new DynamicParameters();
                var list = IdList.In(values, "id", people);
                var found = (await sql.ListAsync<Row>(
                    $"""
                    SELECT 0 AS kind, id AS one, id AS other, 0 AS chat_no, last_seen_audience AS audience, last_seen FROM users WHERE deleted_at IS NULL AND id IN {list}
                    UNION ALL SELECT 1, blocker_id, blocked_id, 0, '', NULL FROM blocks WHERE blocker_id IN {list}
                    UNION ALL SELECT 2, follower_id, followed_id, 0, '', NULL FROM follows WHERE follower_id IN {list}
                    UNION ALL SELECT 3, user_id, user_id, chat_no, '', NULL FROM chat_members WHERE left_at IS NULL AND user_id IN {list}
                    """,
                    values)).GroupBy(row => row.One);
                return [.. found.Select(PersonOf).OfType<Acquaintance>()];
            },
            cancellation);

    /// <summary>Null of one who has gone: what else is known of them is of no use.</summary>
    private static Acquaintance? PersonOf(IEnumerable<Row> rows)
    {
        Row? person = null;
        HashSet<UserId>? blocks = null, follows = null;
        var chats = new List<long>();
        foreach (var row in rows)
        {
            switch (row.Kind)
            {
                case Kind.Person:
                    person = row;
                    break;
                case Kind.Block:
                    (blocks ??= []).Add(row.Other);
                    break;
                case Kind.Follow:
                    (follows ??= []).Add(row.Other);
                    break;
                case Kind.Seat:
                    chats.Add(row.ChatNo);
                    break;
            }
        }

        if (person is null)
            return null;
        chats.Sort();
        return new Acquaintance
        {
            Id = person.One,
            Audience = person.Audience,
            LastSeen = person.LastSeen,
            Blocks = blocks ?? Acquaintance.Nobody,
            Follows = follows ?? Acquaintance.Nobody,
            Chats = chats,
        };
    }

    private enum Kind
    {
        Person = 0,
        Block = 1,
        Follow = 2,
        Seat = 3,
    }

    private sealed record Row
    {
        public Kind Kind { get; init; }

        public UserId One { get; init; }

        public UserId Other { get; init; }

        public long ChatNo { get; init; }

        public string Audience { get; init; } = "";

        public DateTimeOffset? LastSeen { get; init; }
    }
}
