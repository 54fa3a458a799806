using System.Buffers;
using System.Globalization;
using System.Text;

namespace Hypersend.Server.Platform.Telemetry;

/// <summary>The lines of the Prometheus text format 0.0.4.</summary>
internal readonly struct PrometheusWriter(IBufferWriter<byte> output)
{
    public void Write(MetricFamily family, int scrape)
    {
        var shown = family.Series().Where(series => !family.Observed || series.SeenAt == scrape).ToArray();

        // Without a measurement its name is told all the same: whoever writes a rule about it sees that it exists.
        if (family.Help.Length > 0)
        {
            Text($"# HELP {family.Name} ");
            Text(family.Help.Replace("\\", @"\\", StringComparison.Ordinal).ReplaceLineEndings("\\n"));
            Text("\n");
        }
        Text($"# TYPE {family.Name} {family.Kind switch { MetricKind.Counter => "counter", MetricKind.Histogram => "histogram", _ => "gauge" }}\n");
        foreach (var series in shown)
        {
            if (family.Kind == MetricKind.Histogram)
                Histogram(family, series);
            else
                Line(family.Name, "", series.Labels, series.Value);
        }
    }

    public void Comment(string text) => Text($"# {text}\n");

    private void Histogram(MetricFamily family, MetricSeries series)
    {
        var separator = series.Labels.Length > 0 ? "," : "";
        long below = 0;
        for (var i = 0; i <= family.Bounds!.Length; i++)
        {
            below += series.Bucket(i);
            var bound = i < family.Bounds.Length ? Number(family.Bounds[i]) : "+Inf";
            Line(family.Name, "_bucket", $"{series.Labels}{separator}le=\"{bound}\"", below);
        }
        Line(family.Name, "_sum", series.Labels, series.Value);
        Line(family.Name, "_count", series.Labels, below); // the same sum as the last bucket, whatever is measured meanwhile
    }

    private void Line(string name, string suffix, string labels, double value) =>
        Text(labels.Length > 0 ? $"{name}{suffix}{{{labels}}} {Number(value)}\n" : $"{name}{suffix} {Number(value)}\n");

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
