using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Hypersend.FaultTests.Processes;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Realtime;

/// <summary>How a connection becomes a socket: whatever arrives together with the handshake, or before it, or under TLS.</summary>
public sealed class SocketConnectionTests(App app) : IClassFixture<App>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Frames_that_come_with_the_handshake_are_heard()
    {
        var said = RawSocket.Frame(0x81, Encoding.UTF8.GetBytes($$"""[{"type":"auth","token":"{{app.Admin.AccessToken}}"},{"type":"ping","id":"early"}]"""));
        using var tcp = await ConnectAsync();
        await tcp.GetStream().WriteAsync((byte[])[.. Handshake("/ws"), .. said], Cancellation);
        Assert.Contains("\"early\"", await ReadUntilAsync(tcp, "pong"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_and_a_frame_may_come_byte_by_byte()
    {
        using var tcp = await ConnectAsync();
        tcp.NoDelay = true;
        foreach (var one in (byte[])[.. Handshake("/ws?token=" + app.Admin.AccessToken), .. RawSocket.Frame(0x81, """{"type":"ping"}"""u8)])
        {
            await tcp.GetStream().WriteAsync((byte[])[one], Cancellation);
            await Task.Yield();
        }

        await ReadUntilAsync(tcp, "pong");
    }

    [Fact]
    public async Task A_connection_that_served_requests_may_become_a_socket()
    {
        using var tcp = await ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /health/live HTTP/1.1\r\nHost: {app.Address.Authority}\r\n\r\n"), Cancellation);
            Assert.StartsWith("HTTP/1.1 200 ", await ReadUntilAsync(tcp, "\r\n\r\n"), StringComparison.Ordinal);
        }

        await tcp.GetStream().WriteAsync(Handshake("/ws?token=" + app.Admin.AccessToken), Cancellation);
        await ReadUntilAsync(tcp, "welcome");
    }

    [Fact]
    public async Task What_follows_a_socket_on_its_connection_is_no_request()
    {
        using var tcp = await ConnectAsync();
        await tcp.GetStream().WriteAsync((byte[])[.. Handshake("/ws"), .. Encoding.ASCII.GetBytes($"GET /health/live HTTP/1.1\r\nHost: {app.Address.Authority}\r\n\r\n")], Cancellation);
        var all = await ReadToEndAsync(tcp.GetStream());
        Assert.StartsWith("HTTP/1.1 101 ", all, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 200", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_ends_its_side_gets_the_end_of_the_connection()
    {
        using var tcp = await ConnectAsync();
        await tcp.GetStream().WriteAsync(Handshake("/ws?token=" + app.Admin.AccessToken), Cancellation);
        await ReadUntilAsync(tcp, "welcome");
        var stream = tcp.GetStream();
        tcp.Client.Shutdown(SocketShutdown.Send);
        await ReadToEndAsync(stream);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_socket_under_TLS_is_served(string version)
    {
        var port = Ports.Next();
        await using var own = await App.StartAsync("--HTTPS=self", string.Create(CultureInfo.InvariantCulture, $"--HTTPS_PORT={port}"));
        var ana = await own.SignUpAsync("ana");
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                // Nobody's the client trusts; the test is about what goes through it.
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Subject.StartsWith("CN=Hypersend", StringComparison.Ordinal),
            },
        };
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"wss://127.0.0.1:{port}/ws?token={ana.AccessToken}")), invoker, Cancellation);

        Assert.Contains("welcome", await HearAsync(socket), StringComparison.Ordinal);
        await socket.SendAsync("""{"type":"ping","id":"under"}"""u8.ToArray(), WebSocketMessageType.Text, true, Cancellation);
        Assert.Contains("pong", await HearAsync(socket), StringComparison.Ordinal);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<TcpClient> ConnectAsync()
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(app.Address.Host, app.Address.Port, Cancellation);
        return tcp;
    }

    private byte[] Handshake(string path) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {app.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

    private static async Task<string> HearAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var heard = await socket.ReceiveAsync(buffer, Cancellation).WaitAsync(Patience, Cancellation);
        return Encoding.UTF8.GetString(buffer, 0, heard.Count);
    }

    private static async Task<string> ReadUntilAsync(TcpClient tcp, string part)
    {
        var (all, buffer) = (new StringBuilder(), new byte[4096]);
        while (!all.ToString().Contains(part, StringComparison.Ordinal))
        {
            var count = await tcp.GetStream().ReadAsync(buffer, Cancellation).AsTask().WaitAsync(Patience, Cancellation);
            Assert.NotEqual(0, count);
            all.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return all.ToString();
    }

    private static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all, Cancellation).WaitAsync(Patience, Cancellation);
        return Encoding.Latin1.GetString(all.ToArray());
    }
}
