using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Digests;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlDigestStore(SqlDatabase database) : IDigestStore
{
    private const int MostChats = 20;

    // Nodes have clocks of their own, and a commit is seen a moment after its time: rather told of twice than never.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private const string TheirTurn =
        """
        FROM users u LEFT JOIN digests d ON d.user_id = u.id
        WHERE u.wants_digest AND u.deleted_at IS NULL AND NOT u.disabled AND u.email IS NOT NULL AND u.last_seen < @AwaySince
            AND (d.looked_at IS NULL OR d.looked_at <= @LookedSince) AND (d.again_at IS NULL OR d.again_at <= @Now)
        """;

    public Task<IReadOnlyList<UserId>> DueAsync(DigestTurn turn, int limit, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.ListAsync<UserId>(
                $"SELECT u.id {TheirTurn} ORDER BY CASE WHEN d.again_at IS NULL THEN 0 ELSE 1 END, d.again_at, u.id LIMIT @limit",
                new { turn.AwaySince, turn.LookedSince, turn.Now, limit }),
            cancellation);

    public Task<Digest?> TakeAsync(UserId user, DigestTurn turn, CancellationToken cancellation) =>
        database.WriteAsync<Digest?>(
            async sql =>
            {
                // Asked again, and locked: they may have come back or signed off these mails since the round began, and two nodes take turns.
                if (await sql.FindAsync<UserId?>("SELECT id FROM users WHERE id = @user" + sql.Dialect.ForUpdate, new { user }) is null
                    || await sql.FindAsync<DigestPerson>(
                        $"SELECT u.id, u.username, u.email, u.settings {TheirTurn} AND u.id = @user",
                        new { turn.AwaySince, turn.LookedSince, turn.Now, user }) is not { } person)
                    return null;
                var before = await sql.FindAsync<DateTimeOffset?>("SELECT looked_at FROM digests WHERE user_id = @user", new { user }) ?? DateTimeOffset.UnixEpoch;
                await sql.ExecuteAsync(
                    """
                    INSERT INTO digests (user_id, looked_at) VALUES (@user, @Now)
                    ON CONFLICT (user_id) DO UPDATE SET looked_at = excluded.looked_at, again_at = NULL
                    """,
                    new { user, turn.Now });
                return new Digest { Person = person, Chats = await ChatsAsync(sql, user, before, turn.Now), LookedBefore = before, LookedAt = turn.Now };
            },
            cancellation);

    public Task PutOffAsync(Digest digest, DateTimeOffset againAt, CancellationToken cancellation) =>
        database.WriteAsync(
            sql => sql.ExecuteAsync(
                "UPDATE digests SET looked_at = @LookedBefore, again_at = @againAt WHERE user_id = @Id AND looked_at = @LookedAt",
                new { digest.LookedBefore, digest.LookedAt, digest.Person.Id, againAt }),
            cancellation);

    private static Task<IReadOnlyList<DigestChat>> ChatsAsync(SqlSession sql, UserId user, DateTimeOffset before, DateTimeOffset now) =>
        sql.ListAsync<DigestChat>(
            $"""
            SELECT CASE WHEN c.type = 'direct' THEN (
                    SELECT CASE WHEN o.name = '' THEN o.username ELSE o.name END
                    FROM chat_members p JOIN users o ON o.id = p.user_id WHERE p.chat_no = c.no AND p.user_id <> @user LIMIT 1)
                ELSE c.name END AS name, {SqlMarkStore.Unread} AS unread, {SqlMarkStore.Mentions} AS mentions
            FROM chat_members m JOIN chats c ON c.no = m.chat_no AND c.deleted_at IS NULL JOIN chat_heads h ON h.chat_no = m.chat_no
            WHERE m.user_id = @user AND m.left_at IS NULL AND NOT m.archived AND (m.muted_until IS NULL OR m.muted_until <= @now)
                AND h.changed_at > @before AND h.counted - m.read_counted - m.own_after > 0
            ORDER BY h.changed_at DESC LIMIT {MostChats}
            """,
            new { user, now, before = before - Overlap, nobody = default(UserId) });
}
