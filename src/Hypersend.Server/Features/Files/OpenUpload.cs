using Hypersend.Server.Features.Files.Tus;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// An upload as this server has it in memory: which chunks are here, and who is writing which. A chunk that is not here
/// yet has one writer; whoever comes with the same one later puts the first out and waits for its last write.
/// </summary>
internal sealed class OpenUpload
{
    /// <summary>Claimed by who writes all of it, from the first byte to the last.</summary>
    public const int Whole = -1;

    private readonly Lock _gate = new();
    private readonly ChunkSet _chunks;
    private readonly Dictionary<int, ChunkClaim> _claims = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosed;

    public OpenUpload(StoredUpload stored, long now)
    {
        File = stored.File;
        _chunks = new ChunkSet(stored.Chunks);
        UsedAt = now;
    }

    public FileRow File { get; private set; }

    public ChunkGrid Grid => new(File.Size, File.ChunkSize);

    /// <summary>What was computed of a chunk that is not whole yet; whoever holds the claim to the whole may take it.</summary>
    public ChunkDigests? TailDigests { get; set; }

    /// <summary>Of which beginning that was: another server may have gone on with it.</summary>
    public TusTail TailOf { get; set; }

    /// <summary>The clock's timestamp at the last use.</summary>
    public long UsedAt { get; set; }

    public bool Has(int chunk)
    {
        lock (_gate)
            return _chunks.Contains(chunk);
    }

    /// <summary>The highest chunk that is here; -1 when there is none.</summary>
    public int Last
    {
        get
        {
            lock (_gate)
                return _chunks.Last;
        }
    }

    public int[][] Received()
    {
        lock (_gate)
            return _chunks.Ranges();
    }

    /// <summary>Completes at the next chunk, at the end, or when the upload is closed here: whoever follows looks again.</summary>
    public Task Moved
    {
        get
        {
            lock (_gate)
                return _isClosed ? Task.CompletedTask : _moved.Task;
        }
    }

    /// <summary>The right to write a chunk; null when the upload was closed here, and has to be looked up again.</summary>
    public async ValueTask<ChunkClaim?> ClaimAsync(int chunk, CancellationToken cancellation)
    {
        while (true)
        {
            ChunkClaim? other;
            lock (_gate)
            {
                if (_isClosed)
                    return null;
                if (!_claims.TryGetValue(chunk, out other))
                {
                    FileMetrics.UploadBegan();
                    return _claims[chunk] = new ChunkClaim(this, chunk);
                }
            }

            await other.SupersedeAsync();
            await other.Ended.WaitAsync(cancellation);
        }
    }

    public void Landed(FileRow file, int chunk)
    {
        lock (_gate)
        {
            _chunks.Add(chunk);

            // Rows of chunks that land beside each other may come here in another order than they were written.
            if (file.ReceivedBytes >= File.ReceivedBytes)
                File = file;
        }

        Pulse();
    }

    /// <summary>More of a chunk has come, or its size is known now.</summary>
    public void Grew(FileRow file)
    {
        lock (_gate)
            File = file;
    }

    /// <summary>It is ready, or gone.</summary>
    public void Ended(FileRow file)
    {
        lock (_gate)
            File = file;
        Pulse();
    }

    /// <summary>Lets nobody write any more, and waits until the last write is over.</summary>
    public async Task CloseAsync()
    {
        ChunkClaim[] running;
        lock (_gate)
        {
            _isClosed = true;
            running = [.. _claims.Values];
        }

        foreach (var claim in running)
            await claim.SupersedeAsync();
        await Task.WhenAll(running.Select(claim => claim.Ended));
        Pulse();
    }

    /// <summary>Whoever was told that it is closed asks again behind those who were still writing, and not in a circle meanwhile.</summary>
    public Task DrainedAsync()
    {
        lock (_gate)
            return Task.WhenAll(_claims.Values.Select(claim => claim.Ended));
    }

    /// <summary>Closes it when nobody is writing; false when somebody is.</summary>
    public bool TryClose()
    {
        lock (_gate)
        {
            if (_claims.Count > 0)
                return false;
            _isClosed = true;
        }

        Pulse();
        return true;
    }

    public void Release(ChunkClaim claim)
    {
        lock (_gate)
            _claims.Remove(claim.Chunk);
    }

    private void Pulse()
    {
        TaskCompletionSource moved;
        lock (_gate)
            (moved, _moved) = (_moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        moved.TrySetResult();
    }
}

/// <summary>The right of one request to write one chunk.</summary>
internal sealed class ChunkClaim(OpenUpload upload, int chunk) : IDisposable
{
    private readonly CancellationTokenSource _superseded = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Chunk => chunk;

    /// <summary>Somebody else came with the same chunk, or the upload is being closed.</summary>
    public CancellationToken Superseded => _superseded.Token;

    public Task Ended => _ended.Task;

    public async Task SupersedeAsync()
    {
        try
        {
            await _superseded.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself just now.
        }
    }

    public void Dispose()
    {
        FileMetrics.UploadEnded();
        upload.Release(this);
        _ended.TrySetResult();
        _superseded.Dispose();
    }
}
