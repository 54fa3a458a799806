using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlFileKeys(SqlDatabase database) : IFileKeys
{
    private const string Select = "SELECT file_id, key_id, wrapped FROM file_keys";

    // One statement, so that whoever removes it meanwhile comes before or after: to set a column to what it is gives back what was there.
    public Task<WrappedKey> AddAsync(FileId file, WrappedKey key, CancellationToken cancellation) => database.WriteAsync(
        async sql => (await sql.FindAsync<KeyRow>(
            """
            INSERT INTO file_keys (file_id, key_id, wrapped) VALUES (@file, @KeyId, @Bytes)
            ON CONFLICT (file_id) DO UPDATE SET key_id = file_keys.key_id
            RETURNING file_id, key_id, wrapped
            """,
            new { file, key.KeyId, key.Bytes }))!.ToKey().Key,
        cancellation);

    public Task<WrappedKey?> FindAsync(FileId file, CancellationToken cancellation) => database.ReadAsync(
        async sql => (await sql.FindAsync<KeyRow>($"{Select} WHERE file_id = @file", new { file }))?.ToKey().Key, cancellation);

    public Task RemoveAsync(FileId file, CancellationToken cancellation) =>
        database.WriteAsync(sql => sql.ExecuteAsync("DELETE FROM file_keys WHERE file_id = @file", new { file }), cancellation);

    // In one look: another node may be wrapping them anew meanwhile.
    public Task<IReadOnlyList<KeyOfFile>> SamplesAsync(CancellationToken cancellation) => database.SnapshotAsync(SamplesAsync, cancellation);

    public static async Task<IReadOnlyList<KeyOfFile>> SamplesAsync(SqlSession sql)
    {
        var (samples, id) = (new List<KeyOfFile>(), "");

        // Each step goes to the next id in the index: a million keys of one id are one row to read.
        while (await sql.FindAsync<KeyRow>($"{Select} WHERE key_id > @id ORDER BY key_id LIMIT 1", new { id }) is { } row)
        {
            samples.Add(row.ToKey());
            id = row.KeyId;
        }

        return samples;
    }

    public Task<IReadOnlyList<KeyOfFile>> OthersAsync(string keyId, int limit, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<KeyOfFile>>(
        async sql => [.. (await sql.ListAsync<KeyRow>($"{Select} WHERE key_id <> @keyId LIMIT @limit", new { keyId, limit })).Select(row => row.ToKey())],
        cancellation);

    public Task ReplaceAsync(IReadOnlyList<KeyOfFile> keys, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            foreach (var (file, key) in keys)
                await sql.ExecuteAsync("UPDATE file_keys SET key_id = @KeyId, wrapped = @Bytes WHERE file_id = @file", new { file, key.KeyId, key.Bytes });
        },
        cancellation);

    private sealed record KeyRow
    {
        public FileId FileId { get; init; }

        public string KeyId { get; init; } = "";

        public byte[] Wrapped { get; init; } = [];

        public KeyOfFile ToKey() => new(FileId, new WrappedKey(KeyId, Wrapped));
    }
}
