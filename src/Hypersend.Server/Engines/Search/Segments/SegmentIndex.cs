using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Search;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>
/// An index of segments in two tables of a database: what is read is written once as a segment of its own, and small ones are
/// brought together to larger ones beside everything else. The engines differ in how rows get in and out, and in nothing that is found.
/// </summary>
internal abstract partial class SegmentIndex(TimeProvider clock) : ISearchIndex
{
    private readonly BlockCache _cache = new();

    private volatile bool _isDamaged;

    public bool IsDamaged => _isDamaged;

    protected TimeProvider Clock { get; } = clock;

    /// <summary>Null while it begins anew: there is nothing to be found.</summary>
    protected abstract SqlDatabase? Open { get; }

    protected SqlDatabase Database => Open ?? throw new EngineUnavailableException("search", new InvalidOperationException("The index is not open yet."));

    public abstract Task<bool> OpenAsync(string identity, CancellationToken cancellation);

    public abstract Task ClearAsync(CancellationToken cancellation);

    public abstract Task<long> SizeAsync(CancellationToken cancellation);

    public Task<IReadOnlyDictionary<long, long>> RevsAsync(CancellationToken cancellation) =>
        Database.ReadAsync<IReadOnlyDictionary<long, long>>(
            async sql => (await sql.ListAsync<SourceHead>("SELECT chat_no, rev FROM search_chats")).ToDictionary(chat => chat.ChatNo, chat => chat.Rev),
            cancellation);

    public async Task<bool> ApplyAsync(IReadOnlyList<IndexedMessage> messages, IReadOnlyList<ReadOn> chats, CancellationToken cancellation)
    {
        // Made before anything is locked; a number that is not used in the end is no loss.
        var segment = messages.Count == 0 ? null : SegmentBuilder.Build(await NextIdAsync(cancellation), messages);
        return await Database.WriteAsync(
            async sql =>
            {
                // One node at a time, and only from where the chats were read to: what another one read later is not put back.
                await LockAsync(sql);
                var keys = sql.Dialect.Keys([.. chats.Select(chat => chat.ChatNo)]);
                var revs = (await sql.ListAsync<SourceHead>("SELECT chat_no, rev FROM search_chats WHERE chat_no " + sql.Dialect.In("keys"), keys))
                    .ToDictionary(chat => chat.ChatNo, chat => chat.Rev);
                if (chats.Any(chat => revs.GetValueOrDefault(chat.ChatNo) != chat.From))
                    return false;
                if (segment is not null)
                {
                    await PutAsync(sql, segment.Ready);
                    await sql.ExecuteAsync(
                        """
                        INSERT INTO search_segments (id, place, state, docs, first_at, last_at)
                        VALUES (@Id, @Id, @Live, @Docs, @FirstAt, @LastAt)
                        """,
                        new { segment.Id, Segment.Live, segment.Docs, segment.FirstAt, segment.LastAt });
                }

                await ReadOnAsync(sql, chats);
                await sql.ExecuteAsync("DELETE FROM search_gone WHERE chat_no " + sql.Dialect.In("keys"), keys);
                return true;
            },
            cancellation);
    }

    /// <summary>Its entries go when their segments are brought together; until then who asks has no such chat.</summary>
    public Task ForgetAsync(long chatNo, CancellationToken cancellation) =>
        Database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync("DELETE FROM search_chats WHERE chat_no = @chatNo", new { chatNo });
                await sql.ExecuteAsync("INSERT INTO search_gone (chat_no) VALUES (@chatNo) ON CONFLICT (chat_no) DO NOTHING", new { chatNo });
            },
            cancellation);

    public abstract ValueTask<byte[]?> ReadBlockAsync(SqlSession sql, long id);

    public static async Task<IReadOnlyList<Block>> BlocksAsync(SqlSession sql, long from, long end, int limit) =>
        [
            .. (await sql.ListAsync<BlockRow>("SELECT id, bytes FROM search_blocks WHERE id >= @from AND id < @end ORDER BY id LIMIT @limit", new { from, end, limit }))
                .Select(row => new Block(row.Id, row.Bytes)),
        ];

    /// <summary>Until the transaction ends nobody else writes here.</summary>
    protected static Task LockAsync(SqlSession sql) => sql.FindAsync<string>("SELECT identity FROM search_state" + sql.Dialect.ForUpdate);

    protected abstract Task PutAsync(SqlSession sql, IReadOnlyList<Block> blocks);

    protected abstract Task ReadOnAsync(SqlSession sql, IReadOnlyList<ReadOn> chats);

    public void NoteDamage(Exception exception) => _isDamaged |= IsDamage(exception);

    /// <summary>Whether an exception says that what is kept cannot be read any more.</summary>
    protected virtual bool IsDamage(Exception exception) => false;

    /// <summary>What was read, and how it was, belongs to an index that is no more.</summary>
    protected void ForgetAll()
    {
        _cache.Clear();
        _isDamaged = false;
    }

    private Task<long> NextIdAsync(CancellationToken cancellation) =>
        Database.WriteAsync(sql => sql.ScalarAsync<long>("UPDATE search_state SET next_segment = next_segment + 1 RETURNING next_segment"), cancellation);

    private static Task<IReadOnlyList<Segment>> LiveAsync(SqlSession sql) =>
        sql.ListAsync<Segment>("SELECT id, place, docs, first_at, last_at FROM search_segments WHERE state = @Live ORDER BY place", new { Segment.Live });

    private sealed record BlockRow
    {
        public long Id { get; init; }

        public byte[] Bytes { get; init; } = [];
    }
}
