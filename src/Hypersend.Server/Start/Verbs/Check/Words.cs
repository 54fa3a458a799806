using System.Globalization;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Figures and failures as an operator reads them.</summary>
internal static class Words
{
    /// <summary>The innermost reason, on one line.</summary>
    public static string Of(Exception exception)
    {
        while (exception is AggregateException or System.Reflection.TargetInvocationException or Platform.Problems.EngineUnavailableException or HttpRequestException
            && exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
    }

    public static string Bytes(long bytes) => bytes switch
    {
        >= 10L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30} GiB"),
        >= 10L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
    };

    public static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms");

    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(time.TotalSeconds):0.#} s");
}
