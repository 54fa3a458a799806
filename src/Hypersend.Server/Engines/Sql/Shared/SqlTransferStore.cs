using Dapper;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Transfers;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlTransferStore(SqlDatabase database) : ITransferStore
{
    private const int MostOpen = 200;

    private const string Select =
        """
        SELECT t.id, t.sender_id, s.username AS sender_username, s.name AS sender_name, s.avatar_hash AS sender_avatar,
            t.receiver_id, r.username AS receiver_username, r.name AS receiver_name, r.avatar_hash AS receiver_avatar,
            t.filename, t.size, t.mime, t.chunk_size, t.state, t.created_at, t.expires_at, t.ended_at, f.id AS file_id
        FROM transfers t JOIN users s ON s.id = t.sender_id JOIN users r ON r.id = t.receiver_id
            LEFT JOIN files f ON f.no = t.file_no AND f.ended_at IS NULL
        """;

    public Task<string?> AddAsync(NewTransfer transfer, CancellationToken cancellation) =>
        database.WriteAsync<string?>(
            async sql =>
            {
                // Locked, so that no block slips in before the commit.
                if (await sql.FindAsync<string>(
                        "SELECT username FROM users WHERE id = @ReceiverId AND deleted_at IS NULL AND disabled = @off" + sql.Dialect.ForUpdate,
                        new { transfer.ReceiverId, off = false }) is null)
                {
                    return ErrorCodes.NoSuchPerson;
                }

                if (await sql.ScalarAsync<long>("SELECT COUNT(*) FROM blocks WHERE blocker_id = @ReceiverId AND blocked_id = @SenderId", transfer) > 0)
                    return ErrorCodes.Blocked;
                if (await sql.ScalarAsync<long>("SELECT COUNT(*) FROM users u WHERE u.id = @ReceiverId AND " + SqlAudience.IsShut("message_audience", "@SenderId"), transfer) > 0)
                    return ErrorCodes.RefusedByPrivacy;
                if (await sql.ScalarAsync<long>("SELECT COUNT(*) FROM transfers WHERE sender_id = @SenderId AND ended_at IS NULL", transfer) >= MostOpen)
                    return ErrorCodes.TooManyTransfers;
                await sql.ExecuteAsync(
                    """
                    INSERT INTO transfers (id, sender_id, receiver_id, filename, size, mime, chunk_size, state, created_at, expires_at)
                    VALUES (@Id, @SenderId, @ReceiverId, @Filename, @Size, @Mime, @ChunkSize, 'offered', @CreatedAt, @ExpiresAt)
                    """,
                    transfer);
                return null;
            },
            cancellation);

    public Task<TransferRow?> FindAsync(TransferId id, UserId party, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.FindAsync<TransferRow>(Select + " WHERE t.id = @id AND (t.sender_id = @party OR t.receiver_id = @party)", new { id, party }), cancellation);

    public Task<string?> FindStateAsync(TransferId id, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FindAsync<string>("SELECT state FROM transfers WHERE id = @id", new { id }), cancellation);

    public Task<bool> MoveAsync(TransferId id, string from, string to, DateTimeOffset? endedAt, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql => await sql.ExecuteAsync(
                "UPDATE transfers SET state = @to, ended_at = @endedAt WHERE id = @id AND state = @from", new { id, from, to, endedAt }) > 0,
            cancellation);

    public Task<bool> AttachAsync(TransferId id, FileId file, DateTimeOffset expiresAt, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql => await sql.ExecuteAsync(
                "UPDATE transfers SET file_no = (SELECT no FROM files WHERE id = @file), expires_at = @expiresAt WHERE id = @id AND ended_at IS NULL",
                new { id, file, expiresAt }) > 0,
            cancellation);

    public Task<IReadOnlyList<TransferRow>> ListAsync(UserId party, TransferId? before, int limit, CancellationToken cancellation)
    {
        var older = before is null ? "" : " AND t.id < @before";

        // Each side by its own index; a transfer has two different people, so nothing comes twice.
        var query = $"""
            SELECT * FROM (SELECT * FROM ({Select} WHERE t.sender_id = @party{older} ORDER BY t.id DESC LIMIT @limit) a
                UNION ALL SELECT * FROM ({Select} WHERE t.receiver_id = @party{older} ORDER BY t.id DESC LIMIT @limit) b) c
            ORDER BY id DESC LIMIT @limit
            """;
        return database.ReadAsync(sql => sql.ListAsync<TransferRow>(query, new { party, before, limit }), cancellation);
    }

    public Task<bool> MaySignalAsync(TransferId id, UserId from, UserId to, CancellationToken cancellation) =>
        database.ReadAsync(
            async sql => await sql.ScalarAsync<long>(
                """
                SELECT COUNT(*) FROM transfers t WHERE t.id = @id AND t.ended_at IS NULL
                    AND ((t.sender_id = @from AND t.receiver_id = @to) OR (t.sender_id = @to AND t.receiver_id = @from))
                    AND NOT EXISTS (SELECT 1 FROM blocks b WHERE (b.blocker_id = @to AND b.blocked_id = @from) OR (b.blocker_id = @from AND b.blocked_id = @to))
                """,
                new { id, from, to }) > 0,
            cancellation);

    public async Task<IReadOnlyList<TransferId>> EndedAmongAsync(IReadOnlyCollection<TransferId> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0)
            return [];
        var values = new DynamicParameters();
        var list = IdList.In(values, "id", ids);
        var open = await database.ReadAsync(
            sql => sql.ListAsync<TransferId>($"SELECT id FROM transfers WHERE ended_at IS NULL AND id IN {list}", values), cancellation);
        return [.. ids.Except(open)];
    }

    public Task<string?> ClaimAsync(TransferId id, RelayClaim claim, CancellationToken cancellation) =>
        database.WriteAsync<string?>(
            async sql =>
            {
                var silent = claim.Silent ?? "";
                await sql.ExecuteAsync(
                    """
                    UPDATE transfers SET relay_node = @Node, relay_until = @Until
                    WHERE id = @id AND ended_at IS NULL AND (relay_node IS NULL OR relay_node IN (@Node, @silent) OR relay_until <= @Now)
                    """,
                    new { id, claim.Node, silent, claim.Now, claim.Until });
                return await sql.FindAsync<string>("SELECT relay_node FROM transfers WHERE id = @id AND ended_at IS NULL", new { id });
            },
            cancellation);

    public async Task RenewAsync(IReadOnlyCollection<TransferId> ids, string node, DateTimeOffset until, CancellationToken cancellation)
    {
        if (ids.Count == 0)
            return;
        var values = new DynamicParameters(new { node, until });
        var list = IdList.In(values, "id", ids);
        await database.WriteAsync(
            sql => sql.ExecuteAsync($"UPDATE transfers SET relay_until = @until WHERE relay_node = @node AND ended_at IS NULL AND id IN {list}", values), cancellation);
    }

    public async Task<IReadOnlyList<TransferId>> MovedAmongAsync(IReadOnlyCollection<TransferId> ids, string node, CancellationToken cancellation)
    {
        if (ids.Count == 0)
            return [];
        var values = new DynamicParameters(new { node });
        var list = IdList.In(values, "id", ids);
        return await database.ReadAsync(
            sql => sql.ListAsync<TransferId>($"SELECT id FROM transfers WHERE ended_at IS NULL AND relay_node <> @node AND id IN {list}", values), cancellation);
    }

    public Task<IReadOnlyList<TransferRow>> ExpireAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<TransferRow>>(
            async sql =>
            {
                var due = await sql.ListAsync<TransferId>(
                    "SELECT id FROM transfers WHERE ended_at IS NULL AND expires_at <= @now ORDER BY expires_at LIMIT @limit" + sql.Dialect.ForUpdate, new { now, limit });
                if (due.Count == 0)
                    return [];
                var values = new DynamicParameters(new { now });
                var list = IdList.In(values, "id", due);
                await sql.ExecuteAsync($"UPDATE transfers SET state = 'expired', ended_at = @now WHERE ended_at IS NULL AND id IN {list}", values);
                return await sql.ListAsync<TransferRow>(Select + $" WHERE t.id IN {list}", values);
            },
            cancellation);
}
