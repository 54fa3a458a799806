using System.Globalization;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Which bytes of a file have reached somebody: stretches that are merged where they touch (<c>0-99</c>), and those that were
/// on their way when a line broke (<c>100?199</c>).
/// </summary>
internal static class ServedBytes
{
    // Who fetches in more pieces than this without ever filling a gap says at the end that they have it.
    private const int MostStretches = 256;

    /// <summary>These arrived.</summary>
    public static string Add(string? known, long from, long to) => Write(GoOn(known, from).Append(new Stretch(from, to, IsSure: true)));

    /// <summary>These were sent, and some of them arrived.</summary>
    public static string Hand(string? known, long from, long to) => Write(GoOn(known, from).Append(new Stretch(from, to, IsSure: false)));

    public static bool IsWhole(string? served, long size) =>
        size == 0 || Read(served).Any(stretch => stretch is { IsSure: true, From: 0 } && stretch.To >= size - 1);

    /// <summary>Whoever goes on from a place in the middle of what was on its way has what came before it.</summary>
    private static IEnumerable<Stretch> GoOn(string? known, long from) => Read(known).Select(
        stretch => !stretch.IsSure && stretch.From < from && from <= stretch.To + 1 ? new Stretch(stretch.From, from - 1, IsSure: true) : stretch);

    private static string Write(IEnumerable<Stretch> all)
    {
        var stretches = all.OrderBy(stretch => stretch.From).ToArray();
        var merged = new List<Stretch>();
        foreach (var next in stretches.Where(stretch => stretch.IsSure))
        {
            if (merged.Count > 0 && next.From <= merged[^1].To + 1)
                merged[^1] = merged[^1] with { To = Math.Max(merged[^1].To, next.To) };
            else
                merged.Add(next);
        }

        var open = stretches.Where(stretch => !stretch.IsSure && !merged.Any(sure => sure.From <= stretch.From && stretch.To <= sure.To)).Distinct();
        return string.Join(',', merged.Concat(open).OrderByDescending(stretch => stretch.To - stretch.From).Take(MostStretches)
            .Select(stretch => string.Create(CultureInfo.InvariantCulture, $"{stretch.From}{(stretch.IsSure ? '-' : '?')}{stretch.To}")));
    }

    private static IEnumerable<Stretch> Read(string? text)
    {
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = part.AsSpan().IndexOfAny('-', '?');
            yield return new Stretch(
                long.Parse(part.AsSpan(0, mark), CultureInfo.InvariantCulture), long.Parse(part.AsSpan(mark + 1), CultureInfo.InvariantCulture), part[mark] == '-');
        }
    }

    private readonly record struct Stretch(long From, long To, bool IsSure);
}
