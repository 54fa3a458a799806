using System.Diagnostics.Metrics;

namespace Hypersend.Server.Platform.Telemetry;

/// <summary>How a family's numbers are kept and shown.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>Which kind an instrument is, and whether its measurements add up or replace each other.</summary>
internal static class MetricKinds
{
    public static MetricKind Of(Instrument instrument) => Definition(instrument) switch
    {
        var type when type == typeof(Counter<>) || type == typeof(ObservableCounter<>) => MetricKind.Counter,
        var type when type == typeof(Histogram<>) => MetricKind.Histogram,
        _ => MetricKind.Gauge,
    };

    public static bool Adds(Instrument instrument) =>
        Definition(instrument) is var type && (type == typeof(Counter<>) || type == typeof(UpDownCounter<>));

    private static Type? Definition(Instrument instrument)
    {
        var type = instrument.GetType();
        while (type is not null && (!type.IsGenericType || type.Namespace != typeof(Instrument).Namespace))
            type = type.BaseType;
        return type?.GetGenericTypeDefinition();
    }
}
