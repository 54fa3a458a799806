using System.Net;
using System.Net.Sockets;
using Hypersend.Server.Platform.Outbound;

namespace Hypersend.Tests.Platform.Outbound;

public sealed class OutboundClientTests
{
    // Nobody answers who is asked here: a request that went through would wait for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly IPAddress Outside = IPAddress.Parse("198.41.0.4");

    [Fact]
    public async Task A_name_that_leads_inside_is_found_out_before_a_byte_is_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new OutboundClient(new OutboundOptions(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://push.example.org:{((IPEndPoint)listener.LocalEndpoint).Port}/send");

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(request, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken));

        Assert.True(RefusedAddressException.IsBehind(exception));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task One_address_inside_among_those_outside_is_enough_to_refuse()
    {
        using var client = new OutboundClient(new OutboundOptions(), (_, _) => Task.FromResult<IPAddress[]>([Outside, IPAddress.Parse("10.0.0.1")]));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://push.example.org/");

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(request, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken));

        Assert.True(RefusedAddressException.IsBehind(exception));
    }

    [Theory]
    [InlineData("https://push.example.org/x", true)]
    [InlineData("https://8.8.8.8/x", true)]
    [InlineData("http://page.example.org/x", true)]
    [InlineData("https://127.0.0.1/x", false)]
    [InlineData("https://127.1/x", false)]
    [InlineData("https://0177.0.0.1/x", false)]
    [InlineData("https://127.0.0.1./x", false)]
    [InlineData("https://[::1]/x", false)]
    [InlineData("https://[fe80::1%25eth0]/x", false)]
    [InlineData("https://localhost/x", false)]
    [InlineData("https://LOCALHOST./x", false)]
    [InlineData("https://a.localhost/x", false)]
    [InlineData("https://intranet/x", false)]
    [InlineData("https://name@push.example.org/x", false)]
    [InlineData("gopher://push.example.org/x", false)]
    public void Some_addresses_are_not_even_tried(string url, bool may)
    {
        using var client = new OutboundClient(new OutboundOptions());

        Assert.Equal(may, client.MayAsk(new Uri(url)));
    }
}
