using System.Diagnostics.Metrics;

namespace Hypersend.Server.Features.Search;

/// <summary>How far the index is behind, and how long searches take.</summary>
internal static class SearchMetrics
{
    private static readonly Meter Meter = new("Hypersend.Search");

    private static readonly Counter<long> Indexed = Meter.CreateCounter<long>("hypersend.search.indexed", description: "Messages that were put into the index or taken out of it");

    private static readonly Histogram<double> Lag = Meter.CreateHistogram<double>(
        "hypersend.search.lag", unit: "s", description: "From a commit to the moment when its messages could be found; the oldest of each batch");

    private static readonly Histogram<double> Searches = Meter.CreateHistogram<double>("hypersend.search.duration", unit: "s", description: "Searches in the index");

    private static Func<double> _behind = () => 0;

    static SearchMetrics() =>
        Meter.CreateObservableGauge("hypersend.search.behind", () => _behind(), unit: "s", description: "How long the oldest change waits that is not in the index yet");

    /// <summary>Whom to ask how far the index is behind.</summary>
    public static void Watch(Func<double> behind) => _behind = behind;

    public static void Applied(int messages, TimeSpan lag)
    {
        Indexed.Add(messages);
        Lag.Record(lag.TotalSeconds);
    }

    public static void Searched(TimeSpan time) => Searches.Record(time.TotalSeconds);
}
