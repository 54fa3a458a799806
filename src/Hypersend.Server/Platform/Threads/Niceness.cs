using System.Runtime.InteropServices;

namespace Hypersend.Server.Platform.Threads;

/// <summary>How far a thread stands back behind the others of this machine.</summary>
internal static partial class Niceness
{
    /// <summary>From 1 to 19. It may fail without harm.</summary>
    public static void OfThisThread(int niceness)
    {
        // Thread.Priority does nothing on Linux; there, who = 0 names the calling thread.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(which: 0, who: 0, niceness);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, uint who, int niceness);
}
