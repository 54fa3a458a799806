using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace Hypersend.Cli.Files.Watching;

/// <summary>
/// Hears from the kernel which files of a folder and those below it were closed after writing, or came there by a new name. The
/// framework's own watcher does not tell the closing of a file from its writing.
/// </summary>
internal sealed partial class FolderEyes : IDisposable
{
    private const int CloseWrite = 0x8;
    private const int MovedTo = 0x80;
    private const int Create = 0x100;
    private const int OnlyFolders = 0x1000000;
    private const int IsFolder = 0x40000000;
    private const int Overflow = 0x4000;
    private const int CloseOnExec = 0x80000;
    private const int HeadLength = 16;
    private const int BufferLength = 64 * 1024;
    private const short Readable = 1;
    private const int LookMs = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, string> _folders = [];
    private readonly Channel<string?> _seen = Channel.CreateUnbounded<string?>();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _reading;
    private readonly int _descriptor;

    private FolderEyes(int descriptor)
    {
        _descriptor = descriptor;
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The paths of such files; null says that something was missed: look at everything.</summary>
    public ChannelReader<string?> Seen => _seen.Reader;

    /// <summary>Null where the kernel cannot, or may not, watch.</summary>
    public static FolderEyes? Open(string folder, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux() || Init(CloseOnExec) is var descriptor && descriptor < 0)
            return null;
        var eyes = new FolderEyes(descriptor);
        var watches = false;
        try
        {
            return (watches = eyes.Add(folder, cancellation)) ? eyes : null;
        }
        finally
        {
            if (!watches)
                eyes.Dispose();
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ = _reading.ContinueWith(_ => Close(_descriptor), TaskScheduler.Default);
        _ending.Dispose();
    }

    /// <summary>The folder and all below it. False when the kernel watches no more.</summary>
    private bool Add(string folder, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var watch = AddWatch(_descriptor, folder, CloseWrite | MovedTo | Create | OnlyFolders);
        if (watch < 0)
            return !Directory.Exists(folder);
        lock (_gate)
            _folders[watch] = folder;
        try
        {
            return Directory.EnumerateDirectories(folder).Where(below => new DirectoryInfo(below).LinkTarget is null).All(below => Add(below, cancellation));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            // What may not be read is not sent either, and what is gone needs no watching.
            return true;
        }
    }

    private void Read()
    {
        var buffer = new byte[BufferLength];
        var token = _ending.Token;
        while (!token.IsCancellationRequested)
        {
            var asked = new Asked { Descriptor = _descriptor, Events = Readable };
            if (Poll(ref asked, 1, LookMs) <= 0)
                continue;
            var length = (int)Read(_descriptor, buffer, buffer.Length);
            for (var at = 0; at + HeadLength <= length;)
            {
                var head = buffer.AsSpan(at);
                var (watch, mask, name) = (MemoryMarshal.Read<int>(head), MemoryMarshal.Read<int>(head[4..]), MemoryMarshal.Read<int>(head[12..]));
                Tell(watch, mask, Encoding.UTF8.GetString(head.Slice(HeadLength, name)).TrimEnd('\0'));
                at += HeadLength + name;
            }
        }
    }

    private void Tell(int watch, int mask, string name)
    {
        string? folder;
        lock (_gate)
            folder = _folders.GetValueOrDefault(watch);
        if ((mask & Overflow) != 0)
            _seen.Writer.TryWrite(null);
        else if (folder is not null && (mask & IsFolder) != 0)
        {
            // What came into it before it was watched is found by looking.
            Add(Path.Combine(folder, name), CancellationToken.None);
            _seen.Writer.TryWrite(null);
        }
        else if (folder is not null && (mask & (CloseWrite | MovedTo)) != 0)
            _seen.Writer.TryWrite(Path.Combine(folder, name));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Asked
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Init(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int AddWatch(int descriptor, string path, int mask);

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref Asked asked, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int descriptor, byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
