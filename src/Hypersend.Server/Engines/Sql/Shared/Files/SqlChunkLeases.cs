using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Turns;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlChunkLeases(SqlDatabase database, ThisNode node) : IChunkLeases
{
    public bool AreNeeded => true;

    public Task<LeaseAnswer> TakeAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            if (await sql.FindAsync<long?>("SELECT no FROM files WHERE id = @file", new { file }) is not { } no)
                return LeaseAnswer.Taken;

            // Whoever writes the row gives the lease back in the same commit: who gets it after that sees the row.
            var values = new { no, chunk, holder, node.Id, node.Life, length = (long)length.TotalMilliseconds };
            var taken = await sql.ExecuteAsync(
                $"""
                INSERT INTO chunk_leases (file_no, chunk, holder, node, life, until_at, wanted)
                VALUES (@no, @chunk, @holder, @Id, @Life, {sql.Dialect.Now} + @length, FALSE)
                ON CONFLICT (file_no, chunk) DO UPDATE
                SET holder = excluded.holder, node = excluded.node, life = excluded.life, until_at = excluded.until_at, wanted = FALSE
                WHERE chunk_leases.until_at <= {sql.Dialect.Now} OR (chunk_leases.node = excluded.node AND chunk_leases.life <> excluded.life)
                """,
                values) > 0;
            if (!taken)
            {
                await sql.ExecuteAsync("UPDATE chunk_leases SET wanted = TRUE WHERE file_no = @no AND chunk = @chunk", values);
                return LeaseAnswer.HeldByAnother;
            }

            if (await sql.FindAsync<long?>("SELECT chunk FROM file_chunks WHERE file_no = @no AND chunk = @chunk", values) is null)
                return LeaseAnswer.Taken;
            await sql.ExecuteAsync("DELETE FROM chunk_leases WHERE file_no = @no AND chunk = @chunk", values);
            return LeaseAnswer.Written;
        },
        cancellation);

    public Task<bool> RenewAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation) => database.WriteAsync(
        async sql => await sql.ExecuteAsync(
            $"""
            UPDATE chunk_leases SET until_at = {sql.Dialect.Now} + @length
            WHERE file_no = (SELECT no FROM files WHERE id = @file) AND chunk = @chunk AND holder = @holder AND NOT wanted
            """,
            new { file, chunk, holder, length = (long)length.TotalMilliseconds }) > 0,
        cancellation);

    public Task<bool> KeepAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation) => database.WriteAsync(
        async sql => await sql.ExecuteAsync(
            $"""
            UPDATE chunk_leases SET until_at = {sql.Dialect.Now} + @length
            WHERE file_no = (SELECT no FROM files WHERE id = @file) AND chunk = @chunk AND holder = @holder
            """,
            new { file, chunk, holder, length = (long)length.TotalMilliseconds }) > 0,
        cancellation);

    public Task EndAsync(FileId file, int chunk, Guid holder, CancellationToken cancellation) => database.WriteAsync(
        sql => sql.ExecuteAsync(
            "DELETE FROM chunk_leases WHERE file_no = (SELECT no FROM files WHERE id = @file) AND chunk = @chunk AND holder = @holder", new { file, chunk, holder }),
        cancellation);

    /// <summary>Uses the lease up with the row it was for; false when it is somebody else's by now, who may have written there.</summary>
    public static async Task<bool> SpendAsync(SqlSession sql, long fileNo, int chunk, Guid? holder) =>
        holder is null || await sql.ExecuteAsync("DELETE FROM chunk_leases WHERE file_no = @fileNo AND chunk = @chunk AND holder = @holder", new { fileNo, chunk, holder }) > 0;

    /// <summary>Whether the lease still is whose it was; it stays so until the transaction ends, for whoever takes it next has to wait.</summary>
    public static async Task<bool> HoldsAsync(SqlSession sql, long fileNo, int chunk, Guid? holder) =>
        holder is null || await sql.ExecuteAsync("UPDATE chunk_leases SET wanted = wanted WHERE file_no = @fileNo AND chunk = @chunk AND holder = @holder", new { fileNo, chunk, holder }) > 0;
}
