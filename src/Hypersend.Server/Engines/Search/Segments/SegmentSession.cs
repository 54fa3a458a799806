using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>Blocks and maps of one moment of the database, through the cache.</summary>
internal sealed class SegmentSession(SegmentIndex index, SqlSession sql, BlockCache cache) : IBlockReader
{
    public ValueTask<byte[]> ReadAsync(long id) => cache.TryGet(id, out var known) ? ValueTask.FromResult(known) : FetchAsync(id);

    public async ValueTask<SegmentMap> MapAsync(long segment)
    {
        if (cache.MapOf(segment) is { } known)
            return known;
        var map = new SegmentMap(await SegmentIndex.BlocksAsync(sql, Block.IdOf(segment, Block.TermMap, 0), Block.EndOf(segment), int.MaxValue));
        cache.Add(segment, map);
        return map;
    }

    private async ValueTask<byte[]> FetchAsync(long id)
    {
        // An index that is emptied at this moment does not wait for who looks into it.
        var bytes = await index.ReadBlockAsync(sql, id) ?? throw new EngineUnavailableException("search", new InvalidDataException($"There is no block {id}."));
        cache.Add(id, bytes);
        return bytes;
    }
}
