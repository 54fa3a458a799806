using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Packing;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlPackStore(SqlDatabase database) : IPackStore
{
    private const int AtOnce = 16;

    public Task<IReadOnlyList<FileRow>> WaitingAsync(long afterNo, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.ListAsync<FileRow>(
            SqlFiles.Select + " WHERE f.packing = 'wanted' AND f.ended_at IS NULL AND f.no > @afterNo ORDER BY f.no LIMIT @AtOnce", new { afterNo, AtOnce }),
        cancellation);

    public Task<bool> AddAsync(FileId file, PackedForm form, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            if (await SqlFiles.LockAsync(sql, file) is not { EndedAt: null, Packing: PackingStates.Wanted } row)
                return false;
            await sql.ExecuteAsync(
                "INSERT INTO file_packs (file_no, id, size, names) VALUES (@No, @Id, @Size, @names)",
                new { row.No, form.Id, form.Size, names = form.Names.Count > 0 ? string.Join(' ', form.Names) : null });
            await SetAsync(sql, row.No, PackingStates.Gzip);
            return true;
        },
        cancellation);

    public Task GiveUpAsync(FileId file, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            if (await SqlFiles.LockAsync(sql, file) is { Packing: PackingStates.Wanted } row)
                await SetAsync(sql, row.No, PackingStates.None);
        },
        cancellation);

    public Task<PackedForm?> FindAsync(FileRow file, CancellationToken cancellation) => database.ReadAsync(
        async sql => await sql.FindAsync<PackRow>("SELECT id, size, names FROM file_packs WHERE file_no = @no", new { no = file.BytesNo ?? file.No }) is { } row
            ? new PackedForm(row.Id, row.Size, row.Names?.Split(' ') ?? [])
            : null,
        cancellation);

    public Task ForgetAsync(FileId file, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            if (await SqlFiles.LockAsync(sql, file) is not { Packing: PackingStates.Gzip } row)
                return;
            await sql.ExecuteAsync("DELETE FROM file_packs WHERE file_no = @No", new { row.No });
            await SetAsync(sql, row.No, PackingStates.Wanted);
        },
        cancellation);

    private static Task<int> SetAsync(SqlSession sql, long no, string state) =>
        sql.ExecuteAsync("UPDATE files SET packing = @state WHERE no = @no", new { no, state });

    private sealed record PackRow
    {
        public FileId Id { get; init; }

        public long Size { get; init; }

        public string? Names { get; init; }
    }
}
