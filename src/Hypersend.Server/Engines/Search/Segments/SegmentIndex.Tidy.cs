using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>Bringing small segments together, and taking away what is left of them.</summary>
internal abstract partial class SegmentIndex
{
    // So many neighbours of about one size become one; larger ones than the last are left alone.
    private const int Together = 8;
    private const int MostTogether = 16;
    private const int MostDocs = 4_000_000;

    private const int BlocksAtOnce = 256;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private readonly string _tidier = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    /// <summary>
    /// One step of it; false when there is nothing to do. What is left of the last merge goes before the next one begins: an index that
    /// is made anew always has a next one, and its file would grow to all that was ever written.
    /// </summary>
    public async Task<bool> TidyAsync(CancellationToken cancellation)
    {
        if (Open is not { } database)
            return false;
        if (await database.WriteAsync(SweepAsync, cancellation))
            return true;
        if (await database.WriteAsync(BeginAsync, cancellation) is { } run)
        {
            await MergeAsync(database, run, cancellation);
            return true;
        }

        return await database.WriteAsync(ShrinkAsync, cancellation);
    }

    /// <summary>Gives a little of the room back that nothing is in; false when there is hardly any.</summary>
    protected virtual Task<bool> ShrinkAsync(SqlSession sql) => Task.FromResult(false);

    /// <summary>
    /// Which neighbours come together next: the smallest that are enough, and none that is as large as all the others, or it would be
    /// written again and again for little.
    /// </summary>
    public static IReadOnlyList<Segment> Run(IReadOnlyList<Segment> live)
    {
        for (var size = 1L; size < MostDocs; size *= Together)
        {
            for (var from = 0; from < live.Count;)
            {
                var to = from;
                while (to < live.Count && live[to].Docs < size * Together && to - from < MostTogether)
                    to++;
                var run = live.Skip(from).Take(to - from).ToList();
                if (run.Count < Together)
                {
                    from = to + 1;
                    continue;
                }

                var largest = run.MaxBy(segment => segment.Docs)!;
                if (run.Sum(segment => (long)segment.Docs) >= 2L * largest.Docs)
                    return run;
                from += run.IndexOf(largest) + 1;
            }
        }

        return [];
    }

    /// <summary>Whether this node is the one that tidies, for a while; the database's one writer at a time decides.</summary>
    private async Task<bool> IsOursAsync(SqlSession sql)
    {
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        return await sql.ExecuteAsync(
            "UPDATE search_state SET tidier = @tidier, tidier_until = @until WHERE tidier = @tidier OR tidier_until < @now",
            new { tidier = _tidier, now, until = now + (long)Lease.TotalMilliseconds }) > 0;
    }

    private async Task<SegmentRun?> BeginAsync(SqlSession sql)
    {
        await LockAsync(sql);
        var run = Run(await LiveAsync(sql));
        if (run.Count == 0 || !await IsOursAsync(sql))
            return null;

        // What a tidier left half made that is no more.
        await sql.ExecuteAsync("UPDATE search_segments SET state = @Dead WHERE state = @Building", new { Segment.Dead, Segment.Building });
        var id = await sql.ScalarAsync<long>("UPDATE search_state SET next_segment = next_segment + 1 RETURNING next_segment");
        await sql.ExecuteAsync(
            "INSERT INTO search_segments (id, place, state, docs, first_at, last_at) VALUES (@id, @Place, @Building, 0, 0, 0)",
            new { id, run[^1].Place, Segment.Building });
        var gone = await sql.ListAsync<long>("SELECT chat_no FROM search_gone");
        return new SegmentRun(id, run, gone.ToHashSet());
    }

    private async Task MergeAsync(SqlDatabase database, SegmentRun run, CancellationToken cancellation)
    {
        var writer = new SegmentWriter(run.Id);
        var merge = new SegmentMerge(
            run, writer, (from, end) => database.ReadAsync(sql => BlocksAsync(sql, from, end, BlocksAtOnce), cancellation), () => KeepAsync(atLeast: BlocksAtOnce));
        if (!await merge.RunAsync() || !await KeepAsync(atLeast: 1))
            return;
        await database.WriteAsync(
            async sql =>
            {
                await LockAsync(sql);
                if (!await IsOursAsync(sql))
                    return;
                var isThere = await sql.ExecuteAsync(
                    "UPDATE search_segments SET state = @Live, docs = @Docs, first_at = @FirstAt, last_at = @LastAt WHERE id = @Id AND state = @Building",
                    new { Live = writer.Docs > 0 ? Segment.Live : Segment.Dead, writer.Docs, writer.FirstAt, writer.LastAt, run.Id, Segment.Building }) > 0;
                if (isThere)
                {
                    await sql.ExecuteAsync(
                        "UPDATE search_segments SET state = @Dead WHERE id " + sql.Dialect.In("keys"),
                        sql.Dialect.Keys([.. run.Segments.Select(segment => segment.Id)], new { Segment.Dead }));
                }
            },
            cancellation);

        async Task<bool> KeepAsync(int atLeast)
        {
            if (writer.Ready.Count < atLeast)
                return true;
            var isOurs = await database.WriteAsync(
                async sql =>
                {
                    // Whoever empties the index takes the segment away under our feet.
                    var isThere = await sql.ExecuteAsync(
                        "UPDATE search_segments SET docs = @Docs WHERE id = @Id AND state = @Building", new { writer.Docs, run.Id, Segment.Building }) > 0;
                    if (!isThere || !await IsOursAsync(sql))
                        return false;
                    await PutAsync(sql, writer.Ready);
                    return true;
                },
                cancellation);
            writer.Ready.Clear();
            return isOurs;
        }
    }

    /// <summary>In small steps, so that nobody waits for long.</summary>
    private async Task<bool> SweepAsync(SqlSession sql)
    {
        var dead = await sql.FindAsync<long?>("SELECT id FROM search_segments WHERE state = @Dead ORDER BY id LIMIT 1", new { Segment.Dead });
        if (dead is not { } id || !await IsOursAsync(sql))
            return false;
        var gone = await sql.ExecuteAsync(
            "DELETE FROM search_blocks WHERE id IN (SELECT id FROM search_blocks WHERE id >= @from AND id < @end LIMIT @limit)",
            new { from = Block.IdOf(id, 0, 0), end = Block.EndOf(id), limit = 4 * BlocksAtOnce });
        if (gone < 4 * BlocksAtOnce)
            await sql.ExecuteAsync("DELETE FROM search_segments WHERE id = @id", new { id });
        return true;
    }
}

/// <summary>Segments that come together to one, and the chats that are left out.</summary>
internal sealed record SegmentRun(long Id, IReadOnlyList<Segment> Segments, IReadOnlySet<long> Gone);
