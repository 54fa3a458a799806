using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.Load.Files;

/// <summary>Everything that was written to the file system of a folder is on the disk when the call returns.</summary>
internal static partial class Disk
{
    public static void Sync(string folder)
    {
        var path = Path.Combine(folder, "sync");
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        if (SyncFileSystem(file) != 0)
            throw new IOException("syncfs: " + Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeFileHandle file);
}
