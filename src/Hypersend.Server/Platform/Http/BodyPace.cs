using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Hypersend.Server.Platform.Http;

/// <summary>
/// A large body may be slow, but not for ever: less than 30 KiB in 30 seconds, or nothing for so long, ends the request.
/// The web server's own rule would cut off people on bad lines in the middle of a chunk.
/// </summary>
internal sealed class BodyPace : PipeReader, IDisposable
{
    private const int LeastPerSpan = 30 * 1024;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(30);

    private readonly PipeReader _inner;
    private readonly CancellationTokenSource _end;
    private readonly ITimer _timer;
    private ReadOnlySequence<byte> _buffer;
    private long _left;
    private long _received;
    private volatile bool _isReading;
    private long _seen;

    private BodyPace(HttpContext context, TimeProvider clock)
    {
        _inner = context.Request.BodyReader;
        _end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        _timer = clock.CreateTimer(static pace => ((BodyPace)pace!).Look(), this, Span, Span);
    }

    public PipeReader Body => this;

    /// <summary>The client is gone, or too slow.</summary>
    public CancellationToken Token => _end.Token;

    public bool IsTooSlow { get; private set; }

    public static BodyPace Watch(HttpContext context, TimeProvider clock)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        return new BodyPace(context, clock);
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        _isReading = true;
        try
        {
            // A read that its token ends leaves the server's reader busy for good, and nobody could drop the rest of the
            // body; one that is told to stop does not.
            using var _ = cancellationToken.UnsafeRegister(static inner => ((PipeReader)inner!).CancelPendingRead(), _inner);
            var read = await _inner.ReadAsync(CancellationToken.None);
            if (!read.IsCanceled || !cancellationToken.IsCancellationRequested)
                return Count(read);
            _buffer = read.Buffer;
            AdvanceTo(read.Buffer.Start);
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            _isReading = false;
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!_inner.TryRead(out result))
            return false;
        Count(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // What is left comes again with the next read, and is not received twice.
        _left = _buffer.Slice(consumed).Length;
        _inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    public void Dispose()
    {
        _timer.Dispose();
        _end.Dispose();
    }

    private ReadResult Count(ReadResult read)
    {
        Interlocked.Add(ref _received, read.Buffer.Length - _left);
        _buffer = read.Buffer;
        return read;
    }

    private void Look()
    {
        var received = Interlocked.Read(ref _received);
        // While we write or flush, it is not the client that is slow.
        if (_isReading && received - _seen < LeastPerSpan)
        {
            IsTooSlow = true;
            _end.Cancel();
        }

        _seen = received;
    }
}
