using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using Hypersend.Contracts.Transfers;
using Hypersend.FaultTests.Processes;
using Hypersend.Sdk.Transfers;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Transfers;

/// <summary>Where something lies between the connection and the relay, which then goes by streams of the framework.</summary>
public sealed class RelayUnderTlsTests
{
    [Fact]
    public async Task Bytes_go_between_connections_of_HTTP_1_and_2_under_TLS()
    {
        var port = Ports.Next();
        await using var app = await App.StartAsync("--HTTPS=self", string.Create(CultureInfo.InvariantCulture, $"--HTTPS_PORT={port}"));
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                // Nobody's the client trusts; the test is about what goes through it.
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Subject.StartsWith("CN=Hypersend", StringComparison.Ordinal),
            },
        };
        using var invoker = new HttpMessageInvoker(handler);
        foreach (var (sends, receives) in new[] { (HttpVersion.Version20, HttpVersion.Version11), (HttpVersion.Version11, HttpVersion.Version20) })
        {
            const int size = (2 * Transferring.Mebi) + 12_345;
            var bytes = Transferring.Bytes(size);
            using var target = new MemoryStream();
            var id = await ana.OfferAsync(bela, size);

            await Task.WhenAll(
                ana.Transfers.SendAsync(id, new MemoryStream(bytes), Over(sends)),
                bela.Transfers.ReceiveAsync(id, target, Over(receives))).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

            Assert.Equal(bytes, target.ToArray());
            Assert.Equal(TransferStates.Done, (await ana.Transfers.GetAsync(id)).State);
        }

        RelayOptions Over(Version version) => new()
        {
            Connect = async (address, cancellation) =>
            {
                var socket = new ClientWebSocket();
                (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (version, HttpVersionPolicy.RequestVersionExact);
                await socket.ConnectAsync(new UriBuilder("wss", "127.0.0.1", port, address.AbsolutePath).Uri, invoker, cancellation);
                return socket;
            },
        };
    }
}
