using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>What a wait for bytes of an upload came to.</summary>
internal enum TailAnswer
{
    /// <summary>They are here.</summary>
    Here,

    /// <summary>The file is ready, and ends before them.</summary>
    PastEnd,

    /// <summary>The upload was given up, or the file went.</summary>
    Gone,

    /// <summary>Nothing of the file has come for a minute.</summary>
    Quiet,
}

/// <summary>
/// The end of a file that is still coming, shared by all who read it here. Chunks that land on this server are heard of by
/// the upload's own signal; those that land on another are found in the rows, which are read for all readers at once.
/// </summary>
internal sealed class UploadTail(FileRow begun, OpenUploads uploads, IUploadStore store, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly HashSet<TailWaiter> _waiters = [];
    private FileRow _file = begun;
    private ChunkSet _chunks = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<bool> _reading = Task.FromResult(false);
    private long? _readAt;

    public FileId Id { get; } = begun.Id;

    /// <summary>How many read it; counted by <see cref="UploadTails"/> under its lock.</summary>
    public int Readers { get; set; }

    /// <summary>As last heard of.</summary>
    public FileRow File
    {
        get
        {
            lock (_gate)
                return _file;
        }
    }

    public async ValueTask<TailAnswer> WaitForAsync(int chunk, CancellationToken cancellation)
    {
        var waiter = new TailWaiter();
        while (true)
        {
            var moved = Moved;
            var upload = uploads.Known(Id);
            var landed = upload?.Moved;
            if (Look(chunk, upload) is { } answer)
                return answer;

            // Nobody sends it here: only the rows know what is there.
            if (upload is not { File.IsUploading: true } && await ReadAsync(cancellation))
                continue;
            if (waiter.IsTired(Math.Max(upload?.File.ReceivedBytes ?? 0, File.ReceivedBytes), clock, Patience))
                return TailAnswer.Quiet;
            using (Enter(waiter))
                await (landed is { IsCompleted: false } ? Task.WhenAny(moved, landed) : moved).WaitAsync(cancellation);
        }
    }

    /// <summary>How many chunks there are in a row from this one on.</summary>
    public async ValueTask<int> RunFromAsync(int chunk, CancellationToken cancellation)
    {
        await ReadAsync(cancellation);
        lock (_gate)
            return _chunks.RunFrom(chunk);
    }

    /// <summary>Reads the rows if anybody waits, and wakes those who have waited for long enough.</summary>
    public async Task PollAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_waiters.Count == 0)
                return;
        }

        await ReadAsync(cancellation);
        lock (_gate)
        {
            if (!_waiters.Any(waiter => waiter.IsPast(clock, Patience)))
                return;
        }

        Pulse();
    }

    /// <summary>It is ready, or gone.</summary>
    public void Ended(FileRow ended)
    {
        lock (_gate)
            _file = ended;
        Pulse();
    }

    private Task Moved
    {
        get
        {
            lock (_gate)
                return _moved.Task;
        }
    }

    private TailAnswer? Look(int chunk, OpenUpload? upload)
    {
        lock (_gate)
        {
            if (_file.EndedAt is not null)
                return TailAnswer.Gone;
            if (_file.IsReady)
                return new ChunkGrid(_file.Size, _file.ChunkSize).Has(chunk) ? TailAnswer.Here : TailAnswer.PastEnd;
            return _chunks.Contains(chunk) || upload?.Has(chunk) == true ? TailAnswer.Here : null;
        }
    }

    /// <summary>True when the rows said something new. Many who ask at once cause one reading.</summary>
    private Task<bool> ReadAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_reading.IsCompleted)
                return _reading.WaitAsync(cancellation);
            if (_readAt is { } before && clock.GetElapsedTime(before) < ReadAgainAfter)
                return Task.FromResult(false);
            _readAt = clock.GetTimestamp();
            _reading = ReadRowsAsync();
            return _reading.WaitAsync(cancellation);
        }
    }

    private async Task<bool> ReadRowsAsync()
    {
        // The lock is let go first.
        await Task.Yield();
        var found = await store.FindAsync(Id, CancellationToken.None);
        lock (_gate)
        {
            if (found is null || (found.File.State == _file.State && found.Chunks.Count == _chunks.Count))
                return false;
            _file = found.File;
            _chunks = new ChunkSet(found.Chunks);
        }

        Pulse();
        return true;
    }

    private Leave Enter(TailWaiter waiter)
    {
        lock (_gate)
            _waiters.Add(waiter);
        return new Leave(this, waiter);
    }

    private void Pulse()
    {
        TaskCompletionSource moved;
        lock (_gate)
            (moved, _moved) = (_moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        moved.TrySetResult();
    }

    private readonly struct Leave(UploadTail tail, TailWaiter waiter) : IDisposable
    {
        public void Dispose()
        {
            lock (tail._gate)
                tail._waiters.Remove(waiter);
        }
    }
}

/// <summary>One who waits for bytes, and since when nothing has come.</summary>
internal sealed class TailWaiter
{
    private long _received = -1;
    private long _since;

    /// <summary>True when no more has come since so long ago.</summary>
    public bool IsTired(long received, TimeProvider clock, TimeSpan patience)
    {
        if (received == _received)
            return IsPast(clock, patience);
        _received = received;
        Volatile.Write(ref _since, clock.GetTimestamp());
        return false;
    }

    public bool IsPast(TimeProvider clock, TimeSpan patience) => clock.GetElapsedTime(Volatile.Read(ref _since)) >= patience;
}
