using System.Globalization;
using Dapper;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed partial class SqlUserStore(SqlDatabase database) : IUserStore
{
    /// <summary>Of the person u, with what ties them to @viewer.</summary>
    public const string ProfileColumns =
        """
        u.id, u.username, u.username_key, u.email, u.name, u.bio, u.avatar_hash, u.role, u.disabled,
            u.totp_secret IS NOT NULL AS totp_enabled, u.quota_bytes, u.last_seen, u.last_seen_audience, u.created_at, u.deleted_at,
            EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = u.id AND f.followed_id = @viewer) AS follows_viewer,
            EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = @viewer AND f.followed_id = u.id) AS followed_by_viewer,
            COALESCE((SELECT v.last_seen_audience FROM users v WHERE v.id = @viewer), 'everyone') AS viewer_audience,
            (u.last_seen_audience = 'contacts' OR (SELECT v.last_seen_audience FROM users v WHERE v.id = @viewer) = 'contacts') AND EXISTS (
                SELECT 1 FROM chat_members m JOIN chats c ON c.no = m.chat_no AND c.type = 'direct'
                    JOIN chat_members p ON p.chat_no = m.chat_no AND p.user_id = @viewer AND p.left_at IS NULL
                WHERE m.user_id = u.id AND m.left_at IS NULL) AS meets_viewer,
            EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = @viewer) AS blocks_viewer,
            EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = @viewer AND b.blocked_id = u.id) AS blocked_by_viewer
        """;

    public const string SelectProfile = "SELECT " + ProfileColumns + " FROM users u";

    public Task<Profile?> FindAsync(UserId id, UserId viewer, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FindAsync<Profile>(SelectProfile + " WHERE u.id = @id", new { id, viewer }), cancellation);

    public async Task<IReadOnlyList<Profile>> SearchAsync(
        IReadOnlyList<string> words, UserId viewer, string after, int limit, CancellationToken cancellation)
    {
        if (words.Count == 0)
            return [];
        var values = new DynamicParameters(new { viewer, after, limit });
        var query = SelectProfile + " WHERE u.deleted_at IS NULL AND u.username_key > @after AND " + HasWords(words, values) +
            " ORDER BY u.username_key LIMIT @limit";
        return await database.ReadAsync(sql => sql.ListAsync<Profile>(query, values), cancellation);
    }

    public Task<IReadOnlyList<Profile>> ListAsync(Circle circle, UserId viewer, string after, int limit, CancellationToken cancellation)
    {
        var condition = circle switch
        {
            Circle.Contacts =>
                """
                (u.id IN (SELECT followed_id FROM follows WHERE follower_id = @viewer)
                    OR u.id IN (
                        SELECT p.user_id FROM chat_members m
                            JOIN chats c ON c.no = m.chat_no AND c.type = 'direct'
                            JOIN chat_members p ON p.chat_no = m.chat_no AND p.user_id <> @viewer
                        WHERE m.user_id = @viewer AND m.left_at IS NULL))
                AND u.id NOT IN (SELECT blocked_id FROM blocks WHERE blocker_id = @viewer)
                """,
            Circle.Following => "u.id IN (SELECT followed_id FROM follows WHERE follower_id = @viewer)",
            Circle.Followers => "u.id IN (SELECT follower_id FROM follows WHERE followed_id = @viewer)",
            _ => "u.id IN (SELECT blocked_id FROM blocks WHERE blocker_id = @viewer)",
        };
        var query = SelectProfile + " WHERE u.deleted_at IS NULL AND u.username_key > @after AND " + condition + " ORDER BY u.username_key LIMIT @limit";
        return database.ReadAsync(sql => sql.ListAsync<Profile>(query, new { viewer, after, limit }), cancellation);
    }

    public Task<bool> FollowAsync(UserId me, UserId other, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                // Somebody who blocks me is not there to be followed.
                if (!await LockPairAsync(sql, me, other) || await sql.ScalarAsync<long>(
                        "SELECT COUNT(*) FROM blocks WHERE blocker_id = @other AND blocked_id = @me", new { me, other }) > 0)
                {
                    return false;
                }

                await sql.ExecuteAsync(
                    "INSERT INTO follows (follower_id, followed_id, created_at) VALUES (@me, @other, @now) ON CONFLICT DO NOTHING", new { me, other, now });
                return true;
            },
            cancellation);

    public Task UnfollowAsync(UserId me, UserId other, CancellationToken cancellation) =>
        database.WriteAsync(sql => sql.ExecuteAsync("DELETE FROM follows WHERE follower_id = @me AND followed_id = @other", new { me, other }), cancellation);

    public Task<bool> BlockAsync(UserId me, UserId other, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                if (!await LockPairAsync(sql, me, other))
                    return false;
                await sql.ExecuteAsync(
                    "INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (@me, @other, @now) ON CONFLICT DO NOTHING", new { me, other, now });
                await sql.ExecuteAsync(
                    "DELETE FROM follows WHERE (follower_id = @me AND followed_id = @other) OR (follower_id = @other AND followed_id = @me)", new { me, other });
                return true;
            },
            cancellation);

    public Task UnblockAsync(UserId me, UserId other, CancellationToken cancellation) =>
        database.WriteAsync(sql => sql.ExecuteAsync("DELETE FROM blocks WHERE blocker_id = @me AND blocked_id = @other", new { me, other }), cancellation);

    /// <summary>The words by which a person is found.</summary>
    public static async Task InsertWordsAsync(SqlSession sql, UserId id, IReadOnlyList<string> words)
    {
        foreach (var word in words)
            await sql.ExecuteAsync("INSERT INTO user_words (word, user_id) VALUES (@word, @id) ON CONFLICT DO NOTHING", new { word, id });
    }

    /// <summary>The condition that each of the words begins one of a person's; adds its values.</summary>
    public static string HasWords(IReadOnlyList<string> words, DynamicParameters values) => string.Join(" AND ", words.Select((word, i) =>
    {
        values.Add($"from{i}", word);
        values.Add($"to{i}", Beyond(word));
        return string.Create(CultureInfo.InvariantCulture, $"u.id IN (SELECT w.user_id FROM user_words w WHERE w.word >= @from{i} AND w.word < @to{i})");
    }));

    /// <summary>One change between two people at a time, or a follow could slip in beside the block that ends it. False when one is gone.</summary>
    private static async Task<bool> LockPairAsync(SqlSession sql, UserId me, UserId other) =>
        (await sql.ListAsync<UserId>(
            "SELECT id FROM users WHERE (id = @me OR id = @other) AND deleted_at IS NULL ORDER BY id" + sql.Dialect.ForUpdate, new { me, other })).Count == 2;

    /// <summary>The smallest text after everything that begins with the word, by code point.</summary>
    public static string Beyond(string word) => word + "\U0010FFFF";
}
