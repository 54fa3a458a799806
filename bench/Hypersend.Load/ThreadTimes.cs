using System.Globalization;

namespace Hypersend.Load;

/// <summary>What the threads of a process have worked so far, by their names.</summary>
internal static class ThreadTimes
{
    private const double TicksPerSecond = 100;

    public static Dictionary<string, double> Of(int processId)
    {
        var times = new Dictionary<string, double>();
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{processId}/task"))
        {
            if (Read(Path.Combine(thread, "stat")) is not { } stat)
                continue;

            // "12 (name, with whatever it has) S 1 ...": user and system time are the twelfth and thirteenth after the name.
            var (from, to) = (stat.IndexOf('(', StringComparison.Ordinal), stat.LastIndexOf(')'));
            var name = stat[(from + 1)..to];
            var fields = stat[(to + 2)..].Split(' ');
            var worked = (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
            times[name] = times.GetValueOrDefault(name) + worked;
        }

        return times;
    }

    // A thread may end while its folder is looked at.
    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
