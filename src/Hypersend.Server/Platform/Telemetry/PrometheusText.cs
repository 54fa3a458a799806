using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Hypersend.Server.Platform.Telemetry;

/// <summary>Listens to the meters of given prefixes and writes what they measured in the Prometheus text format.</summary>
internal sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4";
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly double[] Bytes = [256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
    private static readonly double[] Counts = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000];

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _scrape = new();
    private int _scrapes;

    public PrometheusText(params string[] meterPrefixes)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meterPrefixes.Any(prefix => instrument.Meter.Name.StartsWith(prefix, StringComparison.Ordinal)) && Open(instrument) is { } state)
                listener.EnableMeasurementEvents(instrument, state);
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record((double)value, tags, state));
        _listener.Start();
    }

    /// <summary>Asks the observable instruments and writes everything.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        lock (_scrape)
        {
            _scrapes++;
            Exception? failure = null;
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException broken)
            {
                failure = broken; // one broken gauge must not hide all the others
            }
            var writer = new PrometheusWriter(output);
            foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
                writer.Write(family, _scrapes);
            if (failure is not null)
                writer.Comment("Some observable instruments failed.");
        }
    }

    public string Render()
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        Write(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public void Dispose() => _listener.Dispose();

    private Measured? Open(Instrument instrument)
    {
        var kind = MetricKinds.Of(instrument);
        var name = PrometheusNames.OfMetric(instrument, kind);
        var family = _families.GetOrAdd(name, _ => new MetricFamily(name, instrument.Description ?? "", kind, BoundsOf(instrument, kind)));
        if (family.Kind != kind || (family.Observed != instrument.IsObservable && family.Series().Length > 0))
            return null; // one name, two meanings: the first one keeps it
        family.Observed = instrument.IsObservable;
        return new Measured(family, MetricKinds.Adds(instrument));
    }

    private void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var measured = (Measured)state!;
        var series = measured.Family.SeriesOf(tags);
        if (measured.Family.Kind == MetricKind.Histogram)
            series.Observe(value);
        else if (measured.Adds)
            series.Add(value);
        else
            series.Set(value);
        if (measured.Family.Observed)
            series.SeenAt = _scrapes;
    }

    private static double[]? BoundsOf(Instrument instrument, MetricKind kind)
    {
        if (kind != MetricKind.Histogram)
            return null;
        var advised = instrument switch
        {
            Histogram<double> it => it.Advice?.HistogramBucketBoundaries?.ToArray(),
            Histogram<float> it => it.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
            Histogram<long> it => it.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
            Histogram<int> it => it.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
            _ => null,
        };
        return advised ?? instrument.Unit switch { "s" => Seconds, "By" => Bytes, _ => Counts };
    }

    /// <summary>What an instrument's measurements do, looked up once.</summary>
    private sealed record Measured(MetricFamily Family, bool Adds);
}
