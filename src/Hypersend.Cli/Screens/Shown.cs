using System.Globalization;

namespace Hypersend.Cli.Screens;

/// <summary>Numbers and times as people read them.</summary>
internal static class Shown
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>As 1.4 GB.</summary>
    public static string Size(long? bytes)
    {
        if (bytes is not { } count)
            return "?";
        var (value, unit) = ((double)count, 0);
        while (value >= 999.5 && unit < Units.Length - 1)
            (value, unit) = (value / 1000, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || value >= 99.95 ? Math.Round(value) : Math.Round(value, 1))} {Units[unit]}");
    }

    /// <summary>By the clock on this machine's wall.</summary>
    public static string Time(DateTimeOffset at, TimeProvider clock) =>
        TimeZoneInfo.ConvertTime(at, clock.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Without the day, when it is today.</summary>
    public static string ShortTime(DateTimeOffset at, TimeProvider clock)
    {
        var here = TimeZoneInfo.ConvertTime(at, clock.LocalTimeZone);
        return here.Date == clock.GetLocalNow().Date ? here.ToString("HH:mm", CultureInfo.InvariantCulture) : Time(at, clock);
    }
}
