namespace Hypersend.Sdk.Files;

/// <summary>Where the bytes of an upload come from: a file that can be read at any place, or a stream that passes once.</summary>
public abstract class UploadSource : IDisposable
{
    /// <summary>Null when nobody knows before the end.</summary>
    public abstract long? Size { get; }

    /// <summary>Whether any place can be read at any time, by many at once.</summary>
    internal abstract bool CanSeek { get; }

    /// <summary>A file on the disk; it is read in parallel and never kept in memory.</summary>
    public static UploadSource OfFile(string path) => new FileSource(path);

    /// <summary>
    /// Bytes that come once and in order. A chunk of them is kept in memory until the server has it. The caller keeps the
    /// stream.
    /// </summary>
    /// <param name="bytes">The stream, from where it stands.</param>
    /// <param name="size">How much will come, when that is known.</param>
    public static UploadSource OfStream(Stream bytes, long? size = null) => new PassingSource(bytes, size);

    /// <summary>Fills the buffer from this place on; fewer bytes only at the end. A stream that passes is asked in order.</summary>
    internal abstract ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Whether the bytes are still those that were there when it was opened.</summary>
    /// <exception cref="SourceChangedException">Somebody wrote into the file.</exception>
    internal virtual void Check()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what it opened.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    private sealed class FileSource : UploadSource
    {
        private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file;
        private readonly string _path;
        private readonly DateTime _writtenAt;

        public FileSource(string path)
        {
            // Whoever writes into it is not kept from it, but found out.
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            (_path, Size, _writtenAt) = (path, RandomAccess.GetLength(_file), File.GetLastWriteTimeUtc(_file));
        }

        public override long? Size { get; }

        internal override bool CanSeek => true;

        // The file system answers at once or from its disk; a trip to another thread for every piece costs more than it gives.
        internal override ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            var sum = 0;
            while (sum < buffer.Length && RandomAccess.Read(_file, buffer.Span[sum..], offset + sum) is > 0 and var read)
                sum += read;
            return ValueTask.FromResult(sum);
        }

        internal override void Check()
        {
            if (RandomAccess.GetLength(_file) != Size || File.GetLastWriteTimeUtc(_file) != _writtenAt)
                throw new SourceChangedException($"{_path} changed while it was sent.");
        }

        protected override void Dispose(bool disposing)
        {
            _file.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class PassingSource(Stream bytes, long? size) : UploadSource
    {
        private long _at;

        public override long? Size => size;

        internal override bool CanSeek => false;

        internal override async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
        {
            if (offset != _at)
                throw new InvalidOperationException("A stream that passes is read in order.");
            // A pipe that brings nothing cannot be told to stop waiting; so nobody waits for it. The buffer is of no use then.
            var read = await bytes.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).AsTask().WaitAsync(cancellation);
            _at += read;
            return read;
        }
    }
}
