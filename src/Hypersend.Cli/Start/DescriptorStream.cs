using System.Runtime.InteropServices;

namespace Hypersend.Cli.Start;

/// <summary>
/// The standard input or output, by plain reads and writes. The runtime's console streams edit lines by themselves, and
/// say nothing when the reader of a pipe has gone; its file streams write at places of their own, which tears a file that
/// several programs write to.
/// </summary>
internal sealed partial class DescriptorStream : Stream
{
    private const int Interrupted = 4;

    private const int MostAtOnce = 256 * 1024;

    private readonly int _descriptor;
    private byte[]? _own;

    private DescriptorStream(int descriptor) => _descriptor = descriptor;

    public override bool CanRead => _descriptor == 0;

    public override bool CanSeek => false;

    public override bool CanWrite => _descriptor == 1;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static Stream Input() => OperatingSystem.IsWindows() ? Console.OpenStandardInput() : new DescriptorStream(0);

    public static Stream Output() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new DescriptorStream(1);

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            var read = Read(_descriptor, buffer, buffer.Length);
            if (read >= 0)
                return (int)read;
            ThrowUnlessInterrupted("read");
        }
    }

    /// <summary>
    /// A read that can be given up. Nothing ends a read that waits for a person or a pipe, so it fills a buffer of its own:
    /// what comes after nobody waits any more must not land in memory that is used for something else by then.
    /// </summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var own = _own ??= new byte[MostAtOnce];
        var read = await Task.Run(() => Read(own.AsSpan(0, Math.Min(own.Length, buffer.Length))), CancellationToken.None).WaitAsync(cancellationToken);
        own.AsSpan(0, read).CopyTo(buffer.Span);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var written = Write(_descriptor, buffer, buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else
                ThrowUnlessInterrupted("written");
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>A write that can be given up: whoever reads the pipe may never read on.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await Task.Run(() => Write(buffer.Span), CancellationToken.None).WaitAsync(cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void ThrowUnlessInterrupted(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
            throw new IOException($"The standard {(CanRead ? "input" : "output")} cannot be {what}: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int descriptor, Span<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint count);
}
