using System.IO.Pipelines;

namespace Hypersend.Bench;

/// <summary>A connection that takes everything at once, as one does whose client reads.</summary>
internal sealed class TakingConnection(byte[] room, Action? taken = null) : PipeWriter
{
    public override Memory<byte> GetMemory(int sizeHint = 0) => room;

    public override Span<byte> GetSpan(int sizeHint = 0) => room;

    public override void Advance(int bytes)
    {
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        taken?.Invoke();
        return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: false));
    }

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }
}
