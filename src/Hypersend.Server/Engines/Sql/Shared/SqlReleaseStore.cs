using Hypersend.Contracts.Updates;
using Hypersend.Server.Features.Updates;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlReleaseStore(SqlDatabase database) : IReleaseStore
{
    public async Task<IReadOnlyList<Release>> ListAsync(string? platform, CancellationToken cancellation)
    {
        const string select = "SELECT platform, version, url, sha256, notes, mandatory, released_at FROM releases";
        var query = platform is null ? select : select + " WHERE platform = @platform";
        var rows = await database.ReadAsync(sql => sql.ListAsync<ReleaseRow>(query, new { platform }), cancellation);
        return [.. rows.Select(row => row.ToRelease())];
    }

    public Task PublishAsync(Release release, CancellationToken cancellation) =>
        database.WriteAsync(
            sql => sql.ExecuteAsync(
                """
                INSERT INTO releases (platform, version, url, sha256, notes, mandatory, released_at)
                VALUES (@Platform, @Version, @Url, @Sha256, @Notes, @Mandatory, @ReleasedAt)
                ON CONFLICT (platform, version) DO UPDATE SET url = excluded.url, sha256 = excluded.sha256, notes = excluded.notes,
                    mandatory = excluded.mandatory
                """,
                release),
            cancellation);

    private sealed record ReleaseRow
    {
        public string Platform { get; init; } = "";

        public string Version { get; init; } = "";

        public string Url { get; init; } = "";

        public string? Sha256 { get; init; }

        public string Notes { get; init; } = "";

        public bool Mandatory { get; init; }

        public DateTimeOffset ReleasedAt { get; init; }

        public Release ToRelease() => new()
        {
            Platform = Platform,
            Version = Version,
            Url = Url,
            Sha256 = Sha256,
            Notes = Notes,
            Mandatory = Mandatory,
            ReleasedAt = ReleasedAt,
        };
    }
}
