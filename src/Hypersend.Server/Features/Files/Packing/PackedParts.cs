using System.Buffers;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files.Packing;

/// <summary>The parts of a packed form on their way into the store. Disposed before it is finished, nothing of them stays.</summary>
internal sealed class PackedParts(IBlobStore blobs, FileOptions options, FileId id) : IAsyncDisposable
{
    private readonly GatheringStream _sink = new(PackedForm.PartLength + (1 << 20));
    private readonly List<string> _names = [];
    private long _written;
    private int _parts;
    private bool _isFinished;

    /// <summary>Takes what comes out of the packing.</summary>
    public Stream Sink => _sink;

    public bool HasPart => _sink.Gathered >= PackedForm.PartLength;

    public long Length => _written + _sink.Gathered;

    public async Task WritePartAsync(CancellationToken cancellation)
    {
        var length = Math.Min(PackedForm.PartLength, _sink.Gathered);
        if (!PackingRules.HasRoom(blobs.FreeBytes, options.FreeSpaceFloor, length))
            throw new NoRoomException();
        if (_parts == 0)
            await blobs.CreateAsync(id, cancellation);
        await using var write = await blobs.WriteAsync(id, new BlobPlace(_parts++, _written, length), cancellation);
        await write.WriteAsync(new ReadOnlySequence<byte>(_sink.First(length)), cancellation);
        if (await write.FinishAsync(cancellation) is { } name)
            _names.Add(name);
        _sink.Drop(length);
        _written += length;
    }

    public async Task<PackedForm> FinishAsync(CancellationToken cancellation)
    {
        while (_sink.Gathered > 0)
            await WritePartAsync(cancellation);
        _isFinished = true;
        return new PackedForm(id, _written, _names);
    }

    public async ValueTask DisposeAsync()
    {
        await _sink.DisposeAsync();

        // What a server that dies here leaves behind is unknown to every row, and swept as such.
        if (!_isFinished && _parts > 0)
            await blobs.DeleteAsync(id, CancellationToken.None);
    }

    /// <summary>Bytes that wait for a part to be full.</summary>
    private sealed class GatheringStream(int usual) : Stream
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(usual);

        public int Gathered { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public ReadOnlyMemory<byte> First(int length) => _bytes.AsMemory(0, length);

        public void Drop(int length)
        {
            _bytes.AsSpan(length, Gathered - length).CopyTo(_bytes);
            Gathered -= length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.Length > _bytes.Length - Gathered)
                Grow(Gathered + buffer.Length);
            buffer.CopyTo(_bytes.AsSpan(Gathered));
            Gathered += buffer.Length;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (_bytes.Length > 0)
                ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
            base.Dispose(disposing);
        }

        private void Grow(int length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(length);
            _bytes.AsSpan(0, Gathered).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }
}
