using Hypersend.Server.Engines.Search.Segments;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Search;
using Npgsql;
using NpgsqlTypes;

namespace Hypersend.Server.Engines.Search.Postgres;

/// <summary>Tables of its own beside the messages.</summary>
internal sealed class PostgresSearchIndex(SqlDatabase database, TimeProvider clock) : SegmentIndex(clock)
{
    // A block is half a page and does not get smaller: it stays in its row as it is.
    private const string Schema =
        """
        SELECT pg_advisory_xact_lock(49737364);
        DROP TABLE IF EXISTS search_docs;
        CREATE TABLE IF NOT EXISTS search_state (one boolean PRIMARY KEY CHECK (one), identity text NOT NULL);
        ALTER TABLE search_state ADD COLUMN IF NOT EXISTS next_segment bigint NOT NULL DEFAULT 0,
            ADD COLUMN IF NOT EXISTS tidier text NOT NULL DEFAULT '', ADD COLUMN IF NOT EXISTS tidier_until bigint NOT NULL DEFAULT 0;
        CREATE TABLE IF NOT EXISTS search_chats (chat_no bigint PRIMARY KEY, rev bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS search_gone (chat_no bigint PRIMARY KEY);
        CREATE TABLE IF NOT EXISTS search_segments (id bigint PRIMARY KEY, place bigint NOT NULL, state bigint NOT NULL, docs bigint NOT NULL,
            first_at bigint NOT NULL, last_at bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS search_blocks (id bigint PRIMARY KEY, bytes bytea NOT NULL);
        ALTER TABLE search_blocks ALTER COLUMN bytes SET STORAGE PLAIN;
        """;

    // The numbers of segments go on: another node may remember blocks of those that were.
    private const string Empty = "TRUNCATE search_blocks, search_segments, search_gone, search_chats;";

    private volatile bool _isOpen;
    private volatile bool _isThere;

    // Before its tables are made there is nothing to be found.
    protected override SqlDatabase? Open => _isOpen ? database : null;

    public override async Task<bool> OpenAsync(string identity, CancellationToken cancellation)
    {
        var known = await database.WriteAsync(sql => OpenAsync(sql, identity), cancellation);
        _isOpen = true;
        return known;
    }

    // A node that leaves the index to another one never opens it, and looks into it all the same.
    protected override async Task<SqlDatabase?> ToReadAsync(CancellationToken cancellation)
    {
        _isThere = _isThere || _isOpen || await database.ReadAsync(sql => sql.ScalarAsync<bool>("SELECT to_regclass('search_segments') IS NOT NULL"), cancellation);
        return _isThere ? database : null;
    }

    protected override bool IsReplaced(SqlDatabase one) => false;

    public override Task ClearAsync(CancellationToken cancellation) => database.WriteAsync(sql => sql.ExecuteAsync(Empty), cancellation);

    public override Task<long> SizeAsync(CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT pg_total_relation_size('search_blocks') + pg_total_relation_size('search_segments')"), cancellation);

    public override async ValueTask<byte[]?> ReadBlockAsync(SqlSession sql, long id) =>
        await sql.FindAsync<byte[]>("SELECT bytes FROM search_blocks WHERE id = @id", new { id });

    protected override async Task PutAsync(SqlSession sql, IReadOnlyList<Block> blocks)
    {
        await using var copy = await ((NpgsqlConnection)sql.Connection).BeginBinaryImportAsync("COPY search_blocks (id, bytes) FROM STDIN (FORMAT BINARY)", sql.Cancellation);
        foreach (var block in blocks)
        {
            await copy.StartRowAsync(sql.Cancellation);
            await copy.WriteAsync(block.Id, NpgsqlDbType.Bigint, sql.Cancellation);
            await copy.WriteAsync(block.Bytes, NpgsqlDbType.Bytea, sql.Cancellation);
        }

        await copy.CompleteAsync(sql.Cancellation);
    }

    protected override Task ReadOnAsync(SqlSession sql, IReadOnlyList<ReadOn> chats) =>
        sql.ExecuteAsync(
            "INSERT INTO search_chats (chat_no, rev) SELECT * FROM unnest(@chats, @revs) ON CONFLICT (chat_no) DO UPDATE SET rev = excluded.rev",
            new { chats = chats.Select(chat => chat.ChatNo).ToArray(), revs = chats.Select(chat => chat.To).ToArray() });

    private static async Task<bool> OpenAsync(SqlSession sql, string identity)
    {
        await sql.ExecuteAsync(Schema);
        var known = await sql.FindAsync<string>("SELECT identity FROM search_state FOR UPDATE");
        if (known == identity)
            return true;
        if (known is not null)
            await sql.ExecuteAsync(Empty);
        await sql.ExecuteAsync(
            "INSERT INTO search_state (one, identity) VALUES (true, @identity) ON CONFLICT (one) DO UPDATE SET identity = excluded.identity", new { identity });
        return false;
    }
}
