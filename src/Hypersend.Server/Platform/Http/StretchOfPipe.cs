using System.IO.Pipelines;

namespace Hypersend.Server.Platform.Http;

/// <summary>The next so many bytes of a longer body, as if nothing came after them.</summary>
internal sealed class StretchOfPipe(PipeReader inner, long length) : PipeReader
{
    private System.Buffers.ReadOnlySequence<byte> _seen;
    private long _left = length;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _left == 0 ? new ReadResult(default, isCanceled: false, isCompleted: true) : Cut(await inner.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        result = new ReadResult(default, isCanceled: false, isCompleted: true);
        if (_left == 0)
            return true;
        if (!inner.TryRead(out var read))
            return false;
        result = Cut(read);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Nothing of the longer body was read for a stretch that is over.
        if (_left == 0)
            return;
        _left -= _seen.Slice(_seen.Start, consumed).Length;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        // The body goes on after this stretch.
    }

    private ReadResult Cut(ReadResult read)
    {
        _seen = read.Buffer.Length > _left ? read.Buffer.Slice(0, _left) : read.Buffer;
        return new ReadResult(_seen, read.IsCanceled, read.IsCompleted || _seen.Length == _left);
    }
}
