using System.Security.Cryptography;

namespace Hypersend.FaultTests.Load;

/// <summary>A file of any size that takes no room: the same bytes again and again, and yet no two of its chunks are the same.</summary>
internal sealed class Repetition
{
    // Shares no factor with the size of a chunk: each chunk begins at another place of it.
    private const int Period = (1 << 20) + 7;

    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(Period);

    /// <summary>The first so many bytes, once and in order.</summary>
    public Stream Open(long size) => new Passing(this, size);

    /// <summary>Whether these are the bytes from this place on.</summary>
    public bool IsAt(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = From(offset, bytes.Length);
            if (!bytes.StartsWith(piece))
                return false;
            offset += piece.Length;
            bytes = bytes[piece.Length..];
        }

        return true;
    }

    private ReadOnlySpan<byte> From(long offset, long most)
    {
        var at = (int)(offset % Period);
        return _bytes.AsSpan(at, (int)Math.Min(most, Period - at));
    }

    private sealed class Passing(Repetition repetition, long size) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => size;

        public override long Position
        {
            get => _at;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var piece = repetition.From(_at, Math.Min(buffer.Length, size - _at));
            piece.CopyTo(buffer);
            _at += piece.Length;
            return piece.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
