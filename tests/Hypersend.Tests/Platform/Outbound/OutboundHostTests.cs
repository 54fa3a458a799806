using Hypersend.Server.Platform.Outbound;

namespace Hypersend.Tests.Platform.Outbound;

public sealed class OutboundHostTests
{
    [Theory]
    [InlineData("https://push.example.org/a", "push.example.org")]
    [InlineData("https://push.example.org:443/b", "push.example.org")]
    [InlineData("https://push.example.org:81/", "push.example.org:*")]
    [InlineData("https://push.example.org:82/", "push.example.org:*")]
    public void Odd_ports_of_a_host_are_one_and_are_not_the_usual_one(string url, string name) => Assert.Equal(name, OutboundHost.NameOf(new Uri(url)));

    [Theory]
    [InlineData("https://a.b.example.org/", "example.org")]
    [InlineData("https://Example.org./", "example.org")]
    [InlineData("https://a.b.example.co.uk/", "example.co.uk")]
    [InlineData("https://t.co/", "t.co")]
    [InlineData("https://a.abc.de/", "abc.de")]
    [InlineData("http://localhost:81/", "localhost")]
    [InlineData("https://192.0.2.7:8443/", "192.0.2.7")]
    [InlineData("https://[2001:db8:1:2:3::4]/", "20010DB800010002")]
    [InlineData("https://[2001:db8:1:2:5::6]/", "20010DB800010002")]
    public void Names_that_one_owner_can_have_without_number_are_one(string url, string owner) => Assert.Equal(owner, OutboundHost.OwnerOf(new Uri(url)));
}
