using System.Globalization;
using Hypersend.Contracts.Users;

namespace Hypersend.Server.Features.Push;

/// <summary>The hours in which somebody wants no push, by the clock on their wall.</summary>
internal static class QuietHours
{
    public static bool Contain(NotificationSettings? settings, DateTimeOffset now)
    {
        if (Read(settings?.QuietFrom) is not { } from || Read(settings?.QuietTo) is not { } to || from == to)
            return false;
        var zone = settings!.Zone is { Length: > 0 } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found) ? found : TimeZoneInfo.Utc;
        var time = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);

        // IsBetween knows that 22:00 to 07:00 goes over midnight; the end does not belong to it.
        return time.IsBetween(from, to);
    }

    private static TimeOnly? Read(string? text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
