using Dapper;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlAdminStore(SqlDatabase database) : IAdminStore
{
    public Task<IReadOnlyList<Profile>> ListUsersAsync(string search, string after, int limit, CancellationToken cancellation)
    {
        var values = new DynamicParameters(new { viewer = new UserId(Guid.Empty), after, limit });
        var query = SqlUserStore.SelectProfile + " WHERE u.deleted_at IS NULL AND u.username_key > @after";
        if (search.Length > 0)
        {
            values.AddDynamicParams(new { search, to = SqlUserStore.Beyond(search) });
            var words = NameForm.Words(search);
            var named = words.Count > 0 ? SqlUserStore.HasWords(words, values) : "1 = 0";
            query += $" AND (({named}) OR (u.email_key >= @search AND u.email_key < @to))";
        }

        return database.ReadAsync(sql => sql.ListAsync<Profile>(query + " ORDER BY u.username_key LIMIT @limit", values), cancellation);
    }

    public Task<string?> UpdateUserAsync(UserId id, AccountChange change, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                await LockAdminsAsync(sql);
                if (await sql.FindAsync<string>("SELECT username FROM users WHERE id = @id AND deleted_at IS NULL", new { id }) is null)
                    return ErrorCodes.NotFound;
                var leaves = change.Role is { } role && role != Contracts.Users.Roles.Admin;
                if ((leaves || change.Disabled == true) && await IsLastAdminAsync(sql, id))
                    return ErrorCodes.LastAdmin;

                await sql.ExecuteAsync(
                    """
                    UPDATE users SET role = COALESCE(@Role, role), disabled = COALESCE(@Disabled, disabled),
                        quota_bytes = CASE WHEN @setQuota THEN @quota ELSE quota_bytes END
                    WHERE id = @id
                    """,
                    new
                    {
                        id,
                        change.Role,
                        change.Disabled,
                        setQuota = change.QuotaBytes is not null,
                        quota = change.QuotaBytes is >= 0 ? change.QuotaBytes : null,
                    });
                if (change.Disabled == true)
                    await SqlSessionStore.EndAllAsync(sql, id, keep: null, now);
                else
                    await SqlSessionStore.RevokeAsync(sql, id, null, now);
                return null;
            },
            cancellation);

    public Task<bool> AnyAdminAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async sql => await sql.FindAsync<string>("SELECT username FROM users WHERE role = 'admin' AND deleted_at IS NULL LIMIT 1") is not null,
            cancellation);

    public Task<bool> AnyAccountAsync(CancellationToken cancellation) =>
        database.ReadAsync(async sql => await sql.FindAsync<string>("SELECT username FROM users LIMIT 1") is not null, cancellation);

    public Task<(long Users, long Sessions)> CountAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async sql => (
                await sql.ScalarAsync<long>("SELECT COUNT(*) FROM users WHERE deleted_at IS NULL"),
                await sql.ScalarAsync<long>("SELECT COUNT(*) FROM sessions")),
            cancellation);

    public Task<string?> ReadFactAsync(string key, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FindAsync<string>("SELECT value FROM server_state WHERE key = @key", new { key }), cancellation);

    public Task<string> ChangeFactAsync(string key, Func<string?, string> change, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                // Inserted empty first, so that of two that set it for the first time the second finds a row to wait for.
                var isNew = await sql.ExecuteAsync("INSERT INTO server_state (key, value) VALUES (@key, '') ON CONFLICT DO NOTHING", new { key }) > 0;
                var before = await sql.FindAsync<string>("SELECT value FROM server_state WHERE key = @key" + sql.Dialect.ForUpdate, new { key });
                var value = change(isNew ? null : before);
                await sql.ExecuteAsync("UPDATE server_state SET value = @value WHERE key = @key", new { key, value });
                return value;
            },
            cancellation);

    public Task<string> ReadOrWriteFactAsync(string key, string value, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync("INSERT INTO server_state (key, value) VALUES (@key, @value) ON CONFLICT DO NOTHING", new { key, value });
                return (await sql.FindAsync<string>("SELECT value FROM server_state WHERE key = @key", new { key }))!;
            },
            cancellation);

    public Task AddInviteAsync(InviteRow invite, byte[] tokenHash, UserId createdBy, CancellationToken cancellation) =>
        database.WriteAsync(
            sql => sql.ExecuteAsync(
                """
                INSERT INTO registration_invites (id, token_hash, created_by, max_uses, uses, expires_at, created_at)
                VALUES (@Id, @tokenHash, @createdBy, @MaxUses, 0, @ExpiresAt, @CreatedAt)
                """,
                new { invite.Id, tokenHash, createdBy, invite.MaxUses, invite.ExpiresAt, invite.CreatedAt }),
            cancellation);

    public Task<IReadOnlyList<InviteRow>> ListInvitesAsync(DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.ListAsync<InviteRow>(
                "SELECT id, max_uses, uses, expires_at, created_at FROM registration_invites WHERE expires_at > @now AND uses < max_uses ORDER BY id",
                new { now }),
            cancellation);

    public Task<bool> DeleteInviteAsync(InviteId id, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql => await sql.ExecuteAsync("DELETE FROM registration_invites WHERE id = @id", new { id }) > 0, cancellation);

    /// <summary>Comes before the question for the last admin: two that go at once must not both see the other one stay.</summary>
    public static Task LockAdminsAsync(SqlSession sql) =>
        sql.ListAsync<string>("SELECT username FROM users WHERE role = 'admin' ORDER BY id" + sql.Dialect.ForUpdate);

    /// <summary>Whether the server would be without a working admin if this one went.</summary>
    public static async Task<bool> IsLastAdminAsync(SqlSession sql, UserId id)
    {
        var admins = await sql.ListAsync<UserId>(
            "SELECT id FROM users WHERE role = 'admin' AND deleted_at IS NULL AND disabled = @no", new { no = false });
        return admins.Count == 1 && admins[0] == id;
    }
}
