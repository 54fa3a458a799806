using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.Cli.Files.Watching;

/// <summary>
/// Whether somebody has a file open for writing: the kernel gives a lease for reading only where nobody has. Of the files of
/// others it says nothing; for those, that they did not change has to be enough.
/// </summary>
internal static partial class Writers
{
    private const int SetLease = 1024;
    private const int ForReading = 0;
    private const int None = 2;
    private const int TryAgain = 11;

    public static bool HasOne(string path)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (Control(file, SetLease, ForReading) == 0)
            {
                _ = Control(file, SetLease, None);
                return false;
            }

            return Marshal.GetLastPInvokeError() == TryAgain;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The sending says what is wrong with it.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, int command, int argument);
}
