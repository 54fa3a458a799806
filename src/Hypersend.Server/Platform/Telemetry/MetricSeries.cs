namespace Hypersend.Server.Platform.Telemetry;

/// <summary>One line (or one histogram) of a family: its labels and its numbers, changed without locks.</summary>
internal sealed class MetricSeries(string labels, double[]? bounds)
{
    private readonly long[]? _buckets = bounds is null ? null : new long[bounds.Length + 1];
    private double _value;

    /// <summary><c>a="b",c="d"</c>, ready to be written; empty without labels.</summary>
    public string Labels { get; } = labels;

    /// <summary>The value, or the sum of a histogram.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>The scrape that saw an observed value last; a series nobody reports any more is not shown.</summary>
    public int SeenAt { get; set; }

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref _value, seen + value, seen);
            // By bits: a NaN would never equal itself, and the loop would never end.
            if (BitConverter.DoubleToInt64Bits(found) == BitConverter.DoubleToInt64Bits(seen))
                return;
            seen = found;
        }
    }

    public void Observe(double value)
    {
        if (double.IsNaN(value))
            return;
        var at = 0;
        while (at < bounds!.Length && value > bounds[at])
            at++;
        Interlocked.Increment(ref _buckets![at]);
        Add(value);
    }

    public long Bucket(int at) => Volatile.Read(ref _buckets![at]);
}
