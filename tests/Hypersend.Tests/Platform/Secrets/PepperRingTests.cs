using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Tests.Platform.Secrets;

public sealed class PepperRingTests
{
    private static readonly string KeyOne = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    private static readonly string KeyTwo = Convert.ToBase64String([.. Enumerable.Range(41, 32).Select(i => (byte)i)]);

    [Fact]
    public void The_first_configured_pepper_is_current_and_all_are_found()
    {
        using var folder = new ScratchFolder();
        var ring = PepperRing.Load($"p2:{KeyTwo}, p1:{KeyOne}", folder.Path);
        Assert.Equal("p2", ring.Current.Id);
        Assert.Equal(Convert.FromBase64String(KeyTwo), ring.Current.Key);
        Assert.Equal(Convert.FromBase64String(KeyOne), ring.Find("p1"));
        Assert.Null(ring.Find("p3"));
    }

    [Fact]
    public void A_pepper_that_came_from_the_file_is_still_found_beside_a_configured_one()
    {
        using var folder = new ScratchFolder();
        var made = PepperRing.Load(null, folder.Path).Current;
        var ring = PepperRing.Load($"p1:{KeyOne}", folder.Path);
        Assert.Equal("p1", ring.Current.Id);
        Assert.Equal(made.Key, ring.Find(made.Id));
        Assert.Equal(made.Key, PepperRing.Load(null, folder.Path).Current.Key);
    }

    [Theory]
    [InlineData("nocolon")]
    [InlineData(":AAAA")]
    [InlineData("p1:AAAA")]
    [InlineData("p$1:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=")]
    [InlineData("p1:not base64 at all !!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("p1:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=,p1:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=")]
    [InlineData(",")]
    public void A_malformed_pepper_stops_the_start(string configured)
    {
        using var folder = new ScratchFolder();
        var refusal = Assert.Throws<SecretRefusedException>(() => PepperRing.Load(configured, folder.Path));
        Assert.Contains("PASSWORD_PEPPER", refusal.Message, StringComparison.Ordinal);
    }
}
