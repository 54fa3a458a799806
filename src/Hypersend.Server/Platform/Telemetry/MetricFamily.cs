using System.Globalization;
using System.Text;

namespace Hypersend.Server.Platform.Telemetry;

/// <summary>All series of one metric name. Known tag sets are found without a lock and without allocating.</summary>
internal sealed class MetricFamily(string name, string help, MetricKind kind, double[]? bounds)
{
    public const int MaxSeries = 1_000;
    private const int MaxSpellings = 4 * MaxSeries;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MetricSeries> _byLabels = new(StringComparer.Ordinal);
    private Spelling?[] _table = new Spelling?[16];
    private int _spellings;
    private MetricSeries? _overflow;

    public string Name { get; } = name;

    public string Help { get; } = help;

    public MetricKind Kind { get; } = kind;

    public double[]? Bounds { get; } = bounds;

    /// <summary>Set by observable instruments: only what the last scrape saw is shown.</summary>
    public bool Observed { get; set; }

    public MetricSeries[] Series()
    {
        lock (_gate)
            return [.. _byLabels.Values];
    }

    public MetricSeries SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = HashOf(tags);
        var table = Volatile.Read(ref _table);
        for (var it = table[hash & (table.Length - 1)]; it is not null; it = it.Next)
        {
            if (it.Hash == hash && it.Fits(tags))
                return it.Series;
        }
        return Add(tags, hash);
    }

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, int hash)
    {
        lock (_gate)
        {
            for (var it = _table[hash & (_table.Length - 1)]; it is not null; it = it.Next)
            {
                if (it.Hash == hash && it.Fits(tags))
                    return it.Series;
            }
            if (_overflow is not null && (_spellings >= MaxSpellings || _byLabels.Count > MaxSeries))
                return _overflow;
            var series = SeriesOf(LabelsOf(tags));
            // The overflow's tags are not remembered, or they would be the leak it exists to stop.
            if (!ReferenceEquals(series, _overflow))
                Remember(new Spelling(hash, tags.ToArray(), series));
            return series;
        }
    }

    private MetricSeries SeriesOf(string labels)
    {
        if (_byLabels.TryGetValue(labels, out var series))
            return series;
        if (_byLabels.Count >= MaxSeries || _spellings >= MaxSpellings)
            return _overflow ??= _byLabels["overflow=\"true\""] = new MetricSeries("overflow=\"true\"", Bounds);
        return _byLabels[labels] = new MetricSeries(labels, Bounds);
    }

    private void Remember(Spelling spelling)
    {
        if (++_spellings > _table.Length)
        {
            // Readers go on in the old table; the new one is shown when it is whole.
            var grown = new Spelling?[_table.Length * 4];
            foreach (var head in _table)
            {
                for (var it = head; it is not null; it = it.Next)
                    grown[it.Hash & (grown.Length - 1)] = new Spelling(it.Hash, it.Tags, it.Series) { Next = grown[it.Hash & (grown.Length - 1)] };
            }
            Volatile.Write(ref _table, grown);
        }
        ref var place = ref _table[spelling.Hash & (_table.Length - 1)];
        spelling.Next = place;
        Volatile.Write(ref place, spelling);
    }

    private string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            var label = PrometheusNames.OfLabel(key, Kind);
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels[label] = labels.TryGetValue(label, out var earlier) ? $"{earlier};{text}" : text;
        }
        var line = new StringBuilder();
        foreach (var (label, text) in labels)
        {
            line.Append(line.Length > 0 ? "," : "").Append(label).Append("=\"");
            foreach (var letter in text)
                _ = letter switch { '\\' => line.Append(@"\\"), '"' => line.Append("\\\""), '\n' => line.Append("\\n"), _ => line.Append(letter) };
            line.Append('"');
        }
        return line.ToString();
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = new HashCode();
        foreach (ref readonly var tag in tags)
        {
            hash.Add(tag.Key);
            hash.Add(tag.Value);
        }
        return hash.ToHashCode();
    }

    /// <summary>One order of tags that came in; several may name the same series.</summary>
    private sealed class Spelling(int hash, KeyValuePair<string, object?>[] tags, MetricSeries series)
    {
        public int Hash { get; } = hash;

        public KeyValuePair<string, object?>[] Tags { get; } = tags;

        public MetricSeries Series { get; } = series;

        public Spelling? Next { get; set; }

        public bool Fits(ReadOnlySpan<KeyValuePair<string, object?>> other)
        {
            if (other.Length != Tags.Length)
                return false;
            for (var i = 0; i < other.Length; i++)
            {
                if (other[i].Key != Tags[i].Key || !Equals(other[i].Value, Tags[i].Value))
                    return false;
            }
            return true;
        }
    }
}
