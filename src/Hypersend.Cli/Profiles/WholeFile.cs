using System.Runtime.InteropServices;

namespace Hypersend.Cli.Profiles;

/// <summary>Small files that are there whole or not at all, and that nobody else may read: written aside, flushed, renamed, the folder flushed.</summary>
internal static partial class WholeFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var folder = Path.GetDirectoryName(path)!;
        ConfigFolder.Make(folder);
        var aside = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var file = new FileStream(aside, Options(FileMode.CreateNew, FileShare.None)))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }

        if (!OperatingSystem.IsWindows())
            FlushFolder(folder);
    }

    /// <summary>How to open a file that only its owner may read.</summary>
    public static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return options;
    }

    /// <summary>Makes the names in the folder durable; the framework opens no folders.</summary>
    private static void FlushFolder(string folder)
    {
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            throw new IOException($"The folder {folder} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
        var flushed = Flush(descriptor);
        var (error, message) = (Marshal.GetLastPInvokeError(), Marshal.GetLastPInvokeErrorMessage());
        _ = Close(descriptor);
        if (flushed != 0)
            throw new IOException($"The folder {folder} cannot be written: {message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
