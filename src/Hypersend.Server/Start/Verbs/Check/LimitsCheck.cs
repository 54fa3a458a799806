using System.Globalization;
using System.Runtime.CompilerServices;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>How many files and sockets a process may hold open here.</summary>
internal sealed class LimitsCheck : ICheck
{
    private const long Least = 16_384;
    private const string Limits = "/proc/self/limits";

    public string Name => "limits";

    public string Fix => "Look at ulimit -n.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (OperatingSystem.IsLinux())
            yield return Judge(await File.ReadAllLinesAsync(Limits, cancellation));
    }

    /// <summary>By the hard limit: the runtime raises the soft one to it.</summary>
    public static Finding Judge(IEnumerable<string> lines)
    {
        var words = lines.FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal))?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var most = words.Length > 4 && long.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue;
        var seen = most == long.MaxValue ? "as many open files and sockets as memory holds" : string.Create(CultureInfo.InvariantCulture, $"{most:#,0} open files and sockets, as this shell starts it");
        return most >= Least
            ? Finding.Ok("limits.files", seen)
            : Finding.Warning("limits.files", seen, "Each person online needs one. Set LimitNOFILE=65536 in the unit, or ulimit -Hn 65536 in the shell that starts it.");
    }
}
