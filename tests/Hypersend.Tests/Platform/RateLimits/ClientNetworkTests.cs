using System.Net;
using Hypersend.Server.Platform.RateLimits;

namespace Hypersend.Tests.Platform.RateLimits;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("192.0.2.77", "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.77", "192.0.2.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    [InlineData("::1", "::/64")]
    public void An_address_stands_for_its_network(string address, string network) =>
        Assert.Equal(network, ClientNetwork.NetworkOf(IPAddress.Parse(address)));
}
