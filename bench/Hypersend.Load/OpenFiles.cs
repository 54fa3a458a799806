using System.Globalization;

namespace Hypersend.Load;

/// <summary>Whether this process and those it starts may hold enough sockets; .NET and Node take all that is allowed.</summary>
internal static class OpenFiles
{
    public static void Need(int files)
    {
        if (!File.Exists("/proc/self/limits"))
            return;
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        if (int.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit < files)
            throw new InvalidOperationException($"A process may have {limit} open files here; {files} are needed. Allow them (as root: ulimit -n {files}) and try again.");
    }
}
