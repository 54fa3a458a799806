using System.Globalization;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Push;

namespace Hypersend.Tests.Features.Push;

public sealed class QuietHoursTests
{
    [Theory]
    // Over midnight, in winter an hour ahead of UTC: 22:00 is 21:00 there.
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-01-10T20:59:59Z", false)]
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-01-10T21:00:00Z", true)]
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-01-11T05:59:59Z", true)]
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-01-11T06:00:00Z", false)]
    // In summer two hours.
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-07-10T20:00:00Z", true)]
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-07-11T05:00:00Z", false)]
    // Half hours.
    [InlineData("13:00", "14:00", "Asia/Kolkata", "2026-07-11T07:30:00Z", true)]
    [InlineData("13:00", "14:00", "Asia/Kolkata", "2026-07-11T08:30:00Z", false)]
    [InlineData("09:00", "17:00", "", "2026-07-11T09:00:00Z", true)]
    [InlineData("09:00", "17:00", "Nowhere/Atlantis", "2026-07-11T16:59:00Z", true)]
    [InlineData("09:00", "09:00", "", "2026-07-11T09:00:00Z", false)]
    [InlineData("", "07:00", "", "2026-07-11T03:00:00Z", false)]
    [InlineData("22:00", "", "", "2026-07-11T23:00:00Z", false)]
    [InlineData("25:00", "07:00", "", "2026-07-11T03:00:00Z", false)]
    public void They_go_by_the_clock_on_the_wall(string from, string to, string zone, string now, bool quiet) =>
        Assert.Equal(quiet, QuietHours.Contain(
            new NotificationSettings { QuietFrom = from, QuietTo = to, Zone = zone }, DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));

    [Fact]
    public void Who_has_set_none_has_none() => Assert.False(QuietHours.Contain(null, DateTimeOffset.UnixEpoch));
}
