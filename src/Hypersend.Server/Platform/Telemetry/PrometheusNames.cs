using System.Diagnostics.Metrics;
using System.Text;

namespace Hypersend.Server.Platform.Telemetry;

/// <summary>Instrument names and tags in the spelling Prometheus asks for.</summary>
internal static class PrometheusNames
{
    public static string OfMetric(Instrument instrument, MetricKind kind)
    {
        var name = Clean(instrument.Name, colonAllowed: true);
        name = WithSuffix(name, UnitSuffix(instrument.Unit));
        return kind == MetricKind.Counter ? WithSuffix(name, "total") : name;
    }

    public static string OfLabel(string tag, MetricKind kind)
    {
        var name = Clean(tag, colonAllowed: false);
        // le is the bucket's own label, two underscores are the scraper's.
        return (kind == MetricKind.Histogram && name == "le") || name.StartsWith("__", StringComparison.Ordinal) ? "tag_" + name.TrimStart('_') : name;
    }

    private static string? UnitSuffix(string? unit) => unit switch
    {
        null or "" or "1" => null,
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "min" => "minutes",
        "h" => "hours",
        "d" => "days",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        ['{', ..] => null, // {request} only annotates
        _ => Clean(unit, colonAllowed: false),
    };

    private static string WithSuffix(string name, string? suffix)
    {
        if (suffix is null || name == suffix || name.EndsWith("_" + suffix, StringComparison.Ordinal)
            || name.Contains($"_{suffix}_", StringComparison.Ordinal))
            return name;
        // A unit goes before the _total that the author has written already.
        return suffix != "total" && name.EndsWith("_total", StringComparison.Ordinal) ? $"{name[..^6]}_{suffix}_total" : $"{name}_{suffix}";
    }

    private static string Clean(string text, bool colonAllowed)
    {
        var clean = new StringBuilder(text.Length + 1);
        foreach (var letter in text)
        {
            if (char.IsAsciiLetterOrDigit(letter) || (colonAllowed && letter == ':'))
                clean.Append(letter);
            else if (clean.Length == 0 || clean[^1] != '_')
                clean.Append('_');
        }
        if (clean.Length == 0 || char.IsAsciiDigit(clean[0]))
            clean.Insert(0, '_');
        return clean.ToString();
    }
}
