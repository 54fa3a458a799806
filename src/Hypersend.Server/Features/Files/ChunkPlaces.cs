namespace Hypersend.Server.Features.Files;

/// <summary>
/// Where the chunks of a file lie, for one reader. A store that needs no names tells so by the first row; then the grid is
/// enough, and no more rows are read. Otherwise they are read a page at a time. For a joined file the reader knows the places.
/// </summary>
internal sealed class ChunkPlaces(IFileStore files, FileRow file)
{
    private const int Page = 64;

    private readonly ChunkGrid _grid = new(file.Size, file.ChunkSize);
    private IReadOnlyList<ChunkRow> _page = [];
    private bool _isPlain = file.IsJoined;

    /// <summary>Null when the chunk is not here.</summary>
    /// <param name="chunk">Known to be here, unless the file went.</param>
    /// <param name="last">The last one that will be asked for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask<BlobPlace?> FindAsync(int chunk, int last, CancellationToken cancellation)
    {
        if (_isPlain)
            return new BlobPlace(chunk, _grid.OffsetOf(chunk), _grid.LengthOf(chunk));
        if (await RowAsync(chunk, last, cancellation) is not { } row)
            return null;
        _isPlain = row.Name is null && file.Size is not null;
        return new BlobPlace(chunk, _grid.OffsetOf(chunk), row.Length, row.Name);
    }

    /// <summary>Opens what lies there.</summary>
    public ValueTask<IBlobReader> OpenAsync(IBlobStore blobs, CancellationToken cancellation) =>
        file.IsJoined ? ValueTask.FromResult<IBlobReader>(new Tus.PieceReader(files, blobs, file)) : blobs.OpenAsync(file.BytesId, cancellation);

    /// <summary>The row itself.</summary>
    public async ValueTask<ChunkRow?> RowAsync(int chunk, int last, CancellationToken cancellation)
    {
        if (Find(chunk) is { } known)
            return known;
        _page = await files.ChunksAsync(file, chunk, Math.Min(last, chunk + Page - 1), cancellation);
        return Find(chunk);
    }

    private ChunkRow? Find(int chunk)
    {
        foreach (var row in _page)
        {
            if (row.Chunk == chunk)
                return row;
        }

        return null;
    }
}
