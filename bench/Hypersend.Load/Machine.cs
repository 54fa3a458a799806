using System.Globalization;
using System.Runtime.InteropServices;

namespace Hypersend.Load;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    private const double TicksPerSecond = 100;

    // Of the first line of /proc/stat: idle, and idle while a disk is waited for.
    private static readonly int[] Idle = [3, 4];

    /// <summary>How long its processors have worked, for whomever.</summary>
    public static TimeSpan Worked()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9];
        return TimeSpan.FromSeconds(fields.Where((_, field) => !Idle.Contains(field)).Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond);
    }

    public static string Describe()
    {
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024 * 1024);
        return $"{Environment.ProcessorCount} cores ({model ?? RuntimeInformation.ProcessArchitecture.ToString()}), {memory} GiB, " +
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; load generator on the same machine";
    }
}
