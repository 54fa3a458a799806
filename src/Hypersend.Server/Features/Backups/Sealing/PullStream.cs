namespace Hypersend.Server.Features.Backups;

/// <summary>A stream that is only ever read, from its beginning to its end. Its length is known where somebody has to know it.</summary>
internal abstract class PullStream(long? length = null) : Stream
{
    private long _at;

    public override bool CanRead => true;

    /// <summary>Whoever writes archives asks this before they ask for the length.</summary>
    public override bool CanSeek => length is not null;

    public override bool CanWrite => false;

    public override long Length => length ?? throw new NotSupportedException();

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    public sealed override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = buffer.IsEmpty ? 0 : await PullAsync(buffer, cancellationToken);
        _at += count;
        return count;
    }

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    /// <summary>At least one byte, none at the end.</summary>
    protected abstract ValueTask<int> PullAsync(Memory<byte> buffer, CancellationToken cancellation);
}
