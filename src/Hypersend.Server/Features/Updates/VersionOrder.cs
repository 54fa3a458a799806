using System.Globalization;

namespace Hypersend.Server.Features.Updates;

/// <summary>Which of two versions is newer: by numbers, and a version before a release (1.0-beta) is older than it.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, leftTail) = Split(x ?? "");
        var (right, rightTail) = Split(y ?? "");
        for (var i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            var order = At(left, i).CompareTo(At(right, i));
            if (order != 0)
                return order;
        }

        return (leftTail, rightTail) switch
        {
            ("", "") => 0,
            ("", _) => 1,
            (_, "") => -1,
            _ => CompareTails(leftTail, rightTail),
        };
    }

    private static int CompareTails(string left, string right)
    {
        var lefts = left.Split('.');
        var rights = right.Split('.');
        for (var i = 0; i < Math.Min(lefts.Length, rights.Length); i++)
        {
            var bothNumbers = long.TryParse(lefts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var l)
                & long.TryParse(rights[i], NumberStyles.None, CultureInfo.InvariantCulture, out var r);
            var order = bothNumbers ? l.CompareTo(r) : string.CompareOrdinal(lefts[i], rights[i]);
            if (order != 0)
                return order;
        }

        return lefts.Length.CompareTo(rights.Length);
    }

    private static (long[] Numbers, string Tail) Split(string version)
    {
        var parts = version.TrimStart('v').Split('-', 2);
        var numbers = parts[0].Split('.')
            .Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
        return ([.. numbers], parts.Length > 1 ? parts[1] : "");
    }

    private static long At(long[] numbers, int index) => index < numbers.Length ? numbers[index] : 0;
}
