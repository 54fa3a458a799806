using System.IO.Pipelines;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// A download while it runs: where its bytes go, whether the client takes them, and the end that others may put to it.
/// </summary>
internal sealed class RunningDownload : IDisposable
{
    // Slow is fine, for days if need be; nothing at all for so long means that nobody is there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The system tells when it is asked, in its own time.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly RunningDownloads _all;
    private readonly HttpContext _context;
    private readonly TimeProvider _clock;
    private readonly ClientLine? _line;
    private readonly Lock _gate = new();
    private bool _isOver;
    private CancellationTokenSource? _wait;
    private long _waitingSince;
    private (long Since, int Queued) _seen;
    private long _movedAt;

    public RunningDownload(RunningDownloads all, HttpContext context, Fetcher who, TimeProvider clock)
    {
        (_all, _context, _clock, Who) = (all, context, clock, who);
        Token = context.RequestAborted;
        Writer = context.Response.BodyWriter;
        _line = ClientLine.Of(context);
        AskedAt = clock.GetTimestamp();
    }

    public Fetcher Who { get; }

    public PipeWriter Writer { get; }

    /// <summary>The client is gone, or the download was cut.</summary>
    public CancellationToken Token { get; }

    /// <summary>What is being sent; null before it is open.</summary>
    public IByteSource? Source { get; set; }

    /// <summary>How many bytes of files were written.</summary>
    public long Copied
    {
        get;
        set
        {
            FileMetrics.Sent(value - field);
            field = value;
        }
    }

    /// <summary>The clock's timestamp when it was last asked whether it may go on.</summary>
    public long AskedAt { get; set; }

    /// <summary>It was cut, or has ended by itself.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
                return _isOver;
        }
    }

    /// <summary>
    /// Waits for what the answer begins with. Who is cut meanwhile can still be told so, and is: a line that is cut before the head of an
    /// answer looks to a proxy like a node that fails. The cut is a cancellation here.
    /// </summary>
    public async ValueTask<T> WaitAsync<T>(Func<CancellationToken, ValueTask<T>> wait)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        lock (_gate)
            _wait = ending;
        T come;
        try
        {
            come = await wait(ending.Token);
        }
        finally
        {
            lock (_gate)
                _wait = null;
        }

        // What was waited for may have come at the same moment.
        return IsOver ? throw new OperationCanceledException("It was cut while it waited.") : come;
    }

    /// <summary>Sends what was written, and waits while the client has enough to take.</summary>
    public async ValueTask FlushAsync()
    {
        var flush = Writer.FlushAsync(Token);
        if (!flush.IsCompleted)
            Volatile.Write(ref _waitingSince, Math.Max(1, _clock.GetTimestamp()));
        try
        {
            await flush;
        }
        finally
        {
            Volatile.Write(ref _waitingSince, 0);
        }

        // To a client that is gone everything can be written.
        Token.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// Waits until the client has taken what was handed over, as far as the system tells; false when its line broke before.
    /// One that takes nothing for long is cut, as while it is sent. Once it is taken, nobody cuts it any more.
    /// </summary>
    public async Task<bool> IsTakenAsync()
    {
        Volatile.Write(ref _waitingSince, Math.Max(1, _clock.GetTimestamp()));
        try
        {
            for (var pause = FirstPause; ;)
            {
                // Before the question: who hangs up with everything in hand has it.
                var isGone = Token.IsCancellationRequested;
                if (HasTakenAll() ?? !isGone)
                {
                    Finish();
                    return true;
                }

                if (isGone || IsOver)
                    return false;
                await Task.Delay(pause, CancellationToken.None);
                pause = pause < LongestPause ? pause * 2 : pause;
            }
        }
        finally
        {
            Volatile.Write(ref _waitingSince, 0);
        }
    }

    /// <summary>What the client has not taken yet of what the system holds; null where that is not known, and when it is over.</summary>
    public int? QueuedBytes()
    {
        lock (_gate)
            return _isOver ? null : _line?.Queued;
    }

    private bool? HasTakenAll()
    {
        lock (_gate)
        {
            if (_isOver)
                return false;
            if (_line is null)
                return null;

            // The end of a line that is being closed counts as a byte of its own.
            return _line.Queued <= (Token.IsCancellationRequested ? 1 : 0) && _line.Taken >= Copied;
        }
    }

    /// <summary>True when the client has taken nothing for so long that it is to be cut.</summary>
    public bool IsStalled()
    {
        var since = Volatile.Read(ref _waitingSince);
        if (since == 0 || IsOver)
            return false;

        // Where the system does not tell, it is always the same.
        var queued = QueuedBytes() ?? -1;

        // A line that is slow takes a while for what we hand over at once: what still waits in the system tells the difference.
        var seen = (since, queued);
        if (_seen != seen)
        {
            _seen = seen;
            _movedAt = _clock.GetTimestamp();
            return false;
        }

        return _clock.GetElapsedTime(_movedAt) >= Patience;
    }

    /// <summary>Ends it in the middle: what the system still holds is not sent either.</summary>
    public void Cut()
    {
        // The context serves the next request of its connection once this one is over.
        lock (_gate)
        {
            if (_isOver)
                return;
            _isOver = true;
            FileMetrics.DownloadCut();
            if (_wait is not null)
            {
                // Not in this lock: what waited answers at once.
                _ = _wait.CancelAsync();
                return;
            }

            _context.Abort();

            // The last handle that closes drops what the system still holds.
            _line?.Dispose();
        }
    }

    public void Dispose()
    {
        Finish();
        _all.End(this);
    }

    private void Finish()
    {
        lock (_gate)
        {
            _isOver = true;
            _line?.Dispose();
        }
    }
}
