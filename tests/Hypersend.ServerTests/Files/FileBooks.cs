using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Push;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>Goes over the books of files: what people are charged is what they have, and no bytes lie there that nobody knows.</summary>
internal static class FileBooks
{
    public static async Task CheckAsync(App app, string where = "")
    {
        var rows = await app.Services.GetRequiredService<SqlDatabase>().ReadAsync(
            sql => sql.ListAsync<BookRow>(
                """
                SELECT g.bytes, g.files, g.uploads,
                    COALESCE((SELECT CAST(SUM(f.reserved) AS BIGINT) FROM files f WHERE f.owner_id = g.user_id), 0) AS real_bytes,
                    (SELECT COUNT(*) FROM files f WHERE f.owner_id = g.user_id AND f.state = 'ready') AS real_files,
                    (SELECT COUNT(*) FROM files f WHERE f.owner_id = g.user_id AND f.state IN ('creating', 'uploading')) AS real_uploads
                FROM file_usage g
                """),
            CancellationToken.None);
        foreach (var row in rows)
        {
            Assert.True(row.Bytes == row.RealBytes, $"{where}: {row.Bytes} bytes are charged, and {row.RealBytes} are taken");
            Assert.True(row.Files == row.RealFiles, $"{where}: {row.Files} files are counted, and {row.RealFiles} are there");
            Assert.True(row.Uploads == row.RealUploads, $"{where}: {row.Uploads} open uploads are counted, and {row.RealUploads} are there");
        }
    }

    /// <summary>Everything that lies in the store belongs to a file that counts, or that still waits to be swept.</summary>
    public static async Task NoOrphanAsync(App app, string where = "")
    {
        foreach (var id in await OrphansAsync(app))
            Assert.Fail($"{where}: the bytes of {id} belong to nobody");
    }

    /// <summary>The same where files are packed: what is made beside the requests has its row when it is whole, and is thrown away when its file has gone meanwhile.</summary>
    public static Task NoOrphanStaysAsync(App app) => Eventually.TrueAsync(async () => (await OrphansAsync(app)).Count == 0);

    private static async Task<IReadOnlyList<FileId>> OrphansAsync(App app)
    {
        var known = (await app.Services.GetRequiredService<SqlDatabase>().ReadAsync(
            sql => sql.ListAsync<FileId>("SELECT id FROM files WHERE swept_at IS NULL UNION ALL SELECT id FROM file_packs"), CancellationToken.None)).ToHashSet();
        return await app.Services.GetRequiredService<IBlobStore>().ListAsync(CancellationToken.None).Where(id => !known.Contains(id)).ToListAsync();
    }

    private sealed record BookRow
    {
        public long Bytes { get; init; }

        public long Files { get; init; }

        public long Uploads { get; init; }

        public long RealBytes { get; init; }

        public long RealFiles { get; init; }

        public long RealUploads { get; init; }
    }
}
