namespace Hypersend.Server.Features.Files;

/// <summary>
/// The bytes of one file, read straight into the memory of the answer: nothing is kept here. Of a file that is still coming,
/// what is there is sent from any place on, and what is not is waited for.
/// </summary>
internal sealed class FileBytes : IByteSource, IAsyncDisposable
{
    private const int Block = 256 * 1024;

    private readonly FileRow _file;
    private readonly ChunkGrid _grid;
    private readonly ChunkPlaces _places;
    private readonly IBlobReader? _reader;
    private readonly UploadTails _tails;
    private readonly UploadTail? _tail;

    private FileBytes(FileRow file, ChunkPlaces places, IBlobReader? reader, UploadTails tails)
    {
        (_file, _places, _reader, _tails) = (file, places, reader, tails);
        _grid = new ChunkGrid(file.Size, file.ChunkSize);
        _tail = file.IsUploading && file.BytesNo is null ? tails.Follow(file) : null;
    }

    public FileRow Current => _tail?.File ?? _file;

    /// <summary>Throws <see cref="FileNotFoundException"/> when its bytes are gone.</summary>
    public static async Task<FileBytes> OpenAsync(FileRow file, ChunkPlaces places, IBlobStore blobs, UploadTails tails, CancellationToken cancellation)
    {
        var reader = file.Size == 0 ? null : await places.OpenAsync(blobs, cancellation);
        return new FileBytes(file, places, reader, tails);
    }

    /// <summary>Waits until the chunk with this byte is here.</summary>
    public ValueTask<TailAnswer> WaitForAsync(long at, CancellationToken cancellation)
    {
        var chunk = Math.Min(at / _file.ChunkSize, ChunkGrid.MaxChunks);
        return _tail is null ? ValueTask.FromResult(TailAnswer.Here) : _tail.WaitForAsync((int)chunk, cancellation);
    }

    /// <summary>Reaches for the first bytes, so that a storage that is away is told by a status and not by a broken line.</summary>
    public async ValueTask ReachAsync(long at, CancellationToken cancellation)
    {
        var chunk = _grid.IndexOf(at);
        if (_reader is not null && await _places.FindAsync(chunk, chunk, cancellation) is { } place && at < place.Offset + place.Length)
            await _reader.ReadAsync(place, at - place.Offset, Memory<byte>.Empty, cancellation);
    }

    /// <summary>Where the bytes end that are here without a gap from this one on; for a file whose size is not known.</summary>
    public async ValueTask<long> EndOfRunAsync(long at, CancellationToken cancellation)
    {
        var chunk = _grid.IndexOf(at);
        var last = chunk + Math.Max(1, await _tail!.RunFromAsync(chunk, cancellation)) - 1;
        var end = await _places.FindAsync(last, last, cancellation) is { } place ? place.Offset + place.Length : at;
        return end - 1;
    }

    public async Task CopyAsync(long from, long to, RunningDownload run)
    {
        var at = from;
        while (at <= to)
        {
            var chunk = _grid.IndexOf(at);
            switch (await WaitForAsync(at, run.Token))
            {
                case TailAnswer.PastEnd when to == ByteRanges.Open:
                    return;
                case TailAnswer.PastEnd or TailAnswer.Gone:
                    throw new BytesEndedException("The upload was given up.");
                case TailAnswer.Quiet:
                    throw new BytesEndedException("Nothing of the upload came for a minute.");
            }

            var last = _grid.Total is { } total ? total - 1 : chunk;
            if (await _places.FindAsync(chunk, to == ByteRanges.Open ? last : Math.Min(last, _grid.IndexOf(to)), run.Token) is not { } place)
                throw new BytesEndedException("A chunk is gone.");
            var end = Math.Min(to, place.Offset + place.Length - 1);
            if (end < at)
            {
                // The last chunk is shorter than the others. Whether it stays the last is known when the file is ready.
                if (to == ByteRanges.Open && await WaitForAsync(_grid.OffsetOf(chunk) + _file.ChunkSize, run.Token) == TailAnswer.PastEnd)
                    return;
                throw new BytesEndedException("The upload was given up.");
            }

            await CopyAsync(place, at, end, run);
            at = end + 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_tail is not null)
            _tails.Leave(_tail);
        if (_reader is not null)
            await _reader.DisposeAsync();
    }

    private async Task CopyAsync(BlobPlace place, long from, long to, RunningDownload run)
    {
        for (var at = from; at <= to;)
        {
            var left = to - at + 1;
            var memory = run.Writer.GetMemory((int)Math.Min(Block, left));
            var read = await _reader!.ReadAsync(place, at - place.Offset, memory[..(int)Math.Min(memory.Length, left)], run.Token);
            run.Writer.Advance(read);
            run.Copied += read;
            at += read;
            await run.FlushAsync();
        }
    }
}
