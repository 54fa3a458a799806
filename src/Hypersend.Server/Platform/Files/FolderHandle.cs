using System.Runtime.InteropServices;

namespace Hypersend.Server.Platform.Files;

/// <summary>An open directory: .NET has no handle for one, and a rename is durable only after its fsync.</summary>
internal sealed partial class FolderHandle : IDisposable
{
    private const int CloseOnExec = 0x80000; // Linux; read only is 0
    private const int LockExclusive = 2;
    private const int Interrupted = 4;

    private readonly int _descriptor;
    private readonly string _folder;

    public FolderHandle(string folder)
    {
        _folder = folder;
        _descriptor = Open(folder, OperatingSystem.IsLinux() ? CloseOnExec : 0);
        if (_descriptor < 0)
            throw Failed("open");
    }

    public void Lock()
    {
        // Interrupted calls are repeated: the runtime uses signals of its own.
        while (Flock(_descriptor, LockExclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Failed("lock");
        }
    }

    public void Flush()
    {
        if (Fsync(_descriptor) != 0)
            throw Failed("flush");
    }

    /// <summary>Makes durable all that was written so far to the file system in which the folder is.</summary>
    public void FlushFileSystem()
    {
        if (!OperatingSystem.IsLinux())
            Sync();
        else if (SyncFileSystem(_descriptor) != 0)
            throw Failed("flush");
    }

    public void Dispose() => _ = Close(_descriptor);

    private IOException Failed(string what) =>
        new($"Could not {what} the folder {_folder}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "sync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void Sync();

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
