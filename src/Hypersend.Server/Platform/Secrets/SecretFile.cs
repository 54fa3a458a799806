using System.Runtime.InteropServices;

namespace Hypersend.Server.Platform.Secrets;

/// <summary>A file with one line of secret text, made once, readable by its owner alone, and durable before it is used.</summary>
internal static partial class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int CloseOnExec = 0x80000; // Linux; read only is 0
    private const int LockExclusive = 2;

    /// <summary>Reads the file; when it is absent, writes what <paramref name="make"/> returns first.</summary>
    internal static string ReadOrCreate(string path, Func<string> make)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        if (File.Exists(full))
            return Read(full);
        if (!Directory.Exists(folder))
            CreateFolder(folder);
        if (OperatingSystem.IsWindows())
            return CreateOnWindows(full, make);
        // The lock is held on the folder itself: two processes (or threads) that start at once take turns,
        // and the second finds the first one's file instead of replacing a key that is already in use.
        using var handle = new FolderHandle(folder);
        handle.Lock();
        if (!File.Exists(full))
        {
            WriteDurably(full, make());
            handle.Flush();
        }
        return Read(full);
    }

    internal static string? ReadIfPresent(string path) => File.Exists(path) ? Read(path) : null;

    private static string Read(string path) => File.ReadAllText(path).Trim();

    private static void CreateFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        if (OperatingSystem.IsWindows() || Path.GetDirectoryName(folder) is not { } parent)
            return;
        using var handle = new FolderHandle(parent);
        handle.Flush();
    }

    private static void WriteDurably(string path, string text)
    {
        var temporary = path + ".tmp";
        File.Delete(temporary); // left by a process that died while it held the lock
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(temporary, options))
        {
            using (var writer = new StreamWriter(stream, leaveOpen: true))
                writer.Write(text + "\n");
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    private static string CreateOnWindows(string path, Func<string> make)
    {
        WriteDurably(path, make());
        return Read(path);
    }

    /// <summary>An open directory: .NET has no handle for one, and a rename is durable only after its fsync.</summary>
    private sealed class FolderHandle : IDisposable
    {
        private readonly int _descriptor;
        private readonly string _folder;

        internal FolderHandle(string folder)
        {
            _folder = folder;
            _descriptor = Open(folder, OperatingSystem.IsLinux() ? CloseOnExec : 0);
            if (_descriptor < 0)
                throw Failed("open");
        }

        internal void Lock()
        {
            // Interrupted calls are repeated: the runtime uses signals of its own.
            while (Flock(_descriptor, LockExclusive) != 0)
            {
                if (Marshal.GetLastPInvokeError() != Interrupted)
                    throw Failed("lock");
            }
        }

        internal void Flush()
        {
            if (Fsync(_descriptor) != 0)
                throw Failed("flush");
        }

        public void Dispose() => _ = Close(_descriptor);

        private const int Interrupted = 4;

        private IOException Failed(string what) =>
            new($"Could not {what} the folder {_folder}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
