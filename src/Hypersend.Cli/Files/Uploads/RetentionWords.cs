using System.Globalization;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Files;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>How long a file stays, as it is said on a command line.</summary>
internal static class RetentionWords
{
    public const string Help = "How long the server keeps it: keep, until:DATE (2027-01-31, or 7d, 12h), downloads:N, after-delivery.";

    public static Retention? Read(string? words, TimeProvider clock)
    {
        var (word, rest) = words?.Split(':', 2) switch
        {
            null => (null, null),
            [var only] => (only, null),
            var both => (both[0], both[1]),
        };
        return (word, rest) switch
        {
            (null, _) => null,
            (RetentionModes.Keep, null) => new Retention { Mode = RetentionModes.Keep },
            ("after-delivery" or RetentionModes.AfterDelivery, null) => new Retention { Mode = RetentionModes.AfterDelivery },
            (RetentionModes.Downloads, { } count) when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 =>
                new Retention { Mode = RetentionModes.Downloads, Count = number },
            (RetentionModes.Until, { } date) when Time(date, clock) is { } at => new Retention { Mode = RetentionModes.Until, At = at },
            _ => throw new StopException(ExitCodes.WrongUsage, $"\"{words}\" says no time to keep: write keep, until:2027-01-31, until:7d, downloads:3 or after-delivery."),
        };
    }

    private static DateTimeOffset? Time(string text, TimeProvider clock)
    {
        if (text.Length > 1 && text[^1] is 'd' or 'h' && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return clock.GetUtcNow() + (text[^1] == 'd' ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count));
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeLocal, out var at) ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }
}
