using System.Globalization;

namespace Hypersend.Load;

/// <summary>Reads the server's own metrics (Prometheus text).</summary>
internal static class Metrics
{
    /// <summary>The sum over all series of this name whose labels contain <paramref name="label"/>.</summary>
    public static double Sum(string text, string name, string label = "") => text.Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is (' ' or '{')
            && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
