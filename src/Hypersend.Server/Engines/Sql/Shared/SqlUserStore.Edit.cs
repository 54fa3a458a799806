using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Changes of one's own account: profile, picture, settings, its end.</summary>
internal sealed partial class SqlUserStore
{
    private static readonly string[] TablesOfOne = ["user_words", "recovery_codes", "password_resets", "digests"];

    public Task<string?> UpdateAsync(UserId id, ProfileChange change, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                if (await sql.FindAsync<NameRow>("SELECT username, name FROM users WHERE id = @id AND deleted_at IS NULL" + sql.Dialect.ForUpdate, new { id }) is not { } before)
                    return ErrorCodes.NotFound;
                if (change.UsernameKey is { } usernameKey && await IsTakenAsync(sql, "username_key", usernameKey, id))
                    return ErrorCodes.UsernameTaken;
                if (change.EmailKey is { } emailKey && await IsTakenAsync(sql, "email_key", emailKey, id))
                    return ErrorCodes.EmailTaken;

                await sql.ExecuteAsync(
                    """
                    UPDATE users SET name = COALESCE(@Name, name), bio = COALESCE(@Bio, bio),
                        username = COALESCE(@Username, username), username_key = COALESCE(@UsernameKey, username_key),
                        email = COALESCE(@Email, email), email_key = COALESCE(@EmailKey, email_key)
                    WHERE id = @id
                    """,
                    new { id, change.Name, change.Bio, change.Username, change.UsernameKey, change.Email, change.EmailKey });
                if (change.EmailKey is not null)
                    await sql.ExecuteAsync("DELETE FROM password_resets WHERE user_id = @id", new { id });
                if (change.Name is not null || change.Username is not null)
                {
                    await sql.ExecuteAsync("DELETE FROM user_words WHERE user_id = @id", new { id });
                    await InsertWordsAsync(sql, id, NameForm.Words(change.Username ?? before.Username, change.Name ?? before.Name));
                }

                return null;
            },
            cancellation);

    public Task<bool> SetAvatarAsync(UserId id, Avatar? avatar, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql => await sql.ExecuteAsync(
                "UPDATE users SET avatar_hash = @Hash, avatar_mime = @Mime WHERE id = @id AND deleted_at IS NULL",
                new { id, avatar?.Hash, avatar?.Mime }) > 0,
            cancellation);

    public Task<Avatar?> FindAvatarAsync(UserId id, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.FindAsync<Avatar>(
                "SELECT avatar_hash AS hash, avatar_mime AS mime FROM users WHERE id = @id AND avatar_hash IS NOT NULL", new { id }),
            cancellation);

    public Task<string?> DeleteAsync(UserId id, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                await SqlAdminStore.LockAdminsAsync(sql);
                if (await sql.FindAsync<string>("SELECT username FROM users WHERE id = @id AND deleted_at IS NULL" + sql.Dialect.ForUpdate, new { id }) is null)
                    return ErrorCodes.NotFound;
                if (await SqlAdminStore.IsLastAdminAsync(sql, id) && await OthersAsync(sql, id))
                    return ErrorCodes.LastAdmin;

                // The user name stays taken: nobody shall come back as somebody who left.
                await sql.ExecuteAsync(
                    """
                    UPDATE users SET deleted_at = @now, email = NULL, email_key = NULL, password_hash = NULL, bio = '', role = 'user',
                        avatar_hash = NULL, avatar_mime = NULL, totp_secret = NULL, totp_pending = NULL, settings = '{}', last_seen = NULL
                    WHERE id = @id
                    """,
                    new { id, now });
                foreach (var table in TablesOfOne)
                    await sql.ExecuteAsync($"DELETE FROM {table} WHERE user_id = @id", new { id });
                await sql.ExecuteAsync("DELETE FROM follows WHERE follower_id = @id OR followed_id = @id", new { id });
                await sql.ExecuteAsync("DELETE FROM blocks WHERE blocker_id = @id OR blocked_id = @id", new { id });
                await SqlSessionStore.EndAllAsync(sql, id, keep: null, now);
                return null;
            },
            cancellation);

    public Task<string?> FindSettingsAsync(UserId id, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.FindAsync<string>("SELECT settings FROM users WHERE id = @id AND deleted_at IS NULL", new { id }), cancellation);

    public Task<string?> ChangeSettingsAsync(
        UserId id, Func<string, StoredSettings> change, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                if (await sql.FindAsync<string>("SELECT settings FROM users WHERE id = @id AND deleted_at IS NULL" + sql.Dialect.ForUpdate, new { id }) is not { } before)
                    return null;
                var after = change(before);
                await sql.ExecuteAsync(
                    """
                    UPDATE users SET settings = @Json, last_seen_audience = @LastSeenAudience, message_audience = @MessageAudience,
                        group_audience = @GroupAudience, hides_reading = @HidesReading,
                        wants_digest = @WantsDigest WHERE id = @id
                    """,
                    new { id, after.Json, after.LastSeenAudience, after.MessageAudience, after.GroupAudience, after.HidesReading, after.WantsDigest });
                return after.Json;
            },
            cancellation);

    private static async Task<bool> IsTakenAsync(SqlSession sql, string column, string key, UserId self) =>
        await sql.ScalarAsync<long>($"SELECT COUNT(*) FROM users WHERE {column} = @key AND id <> @self", new { key, self }) > 0;

    private static async Task<bool> OthersAsync(SqlSession sql, UserId id) =>
        await sql.ScalarAsync<long>("SELECT COUNT(*) FROM users WHERE id <> @id AND deleted_at IS NULL", new { id }) > 0;

    private sealed record NameRow
    {
        public string Username { get; init; } = "";

        public string Name { get; init; } = "";
    }
}
