using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Redis;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Realtime;

namespace Hypersend.EngineSpecs.Bus;

/// <summary>Two nodes with one Redis between them, which may go away.</summary>
public sealed class RedisBusSpec : BusSpec
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly List<RedisNode> _nodes = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await base.DisposeAsync();
    }

    private protected override async Task<IReadOnlyList<IBus>> NodesAsync() => [.. (await StartAsync(RedisServer.Url, 2)).Select(node => node.Bus)];

    [Fact]
    public async Task What_comes_from_another_node_says_so_and_what_is_ones_own_comes_once()
    {
        var nodes = await StartAsync(RedisServer.Url, 2);
        var (here, there) = (new Inbox(nodes[0].Bus), new Inbox(nodes[1].Bus));
        nodes[0].Bus.Publish(new CircleMoved(default));
        nodes[0].Bus.Publish(new PresenceNews(new Guid(1, 2, 3, new byte[8]), [new PresenceLease(default, new PresenceState(PresenceStatus.Busy, 5), IsHeld: true)]));
        await there.UntilAsync(2);
        Assert.All(there.Messages, message => Assert.True(message.IsFromElsewhere));
        Assert.Equal((PresenceStatus.Busy, 5L), (Assert.IsType<PresenceNews>(there.Messages[1]).Leases[0].State.Status, ((PresenceNews)there.Messages[1]).Leases[0].State.SetAt));

        // The answer is behind whatever of its own a node might hear again.
        nodes[1].Bus.Publish(new CircleMoved(default));
        await here.UntilAsync(messages => messages.Any(message => message.IsFromElsewhere));
        Assert.Equal([false, false, true], here.Messages.Select(message => message.IsFromElsewhere));
    }

    [Fact]
    public async Task Of_devices_that_are_sought_and_found_nothing_is_lost_on_the_way()
    {
        var nodes = await StartAsync(RedisServer.Url, 2);
        var there = new Inbox(nodes[1].Bus);
        var (user, session) = (new UserId(new Guid(1, 2, 3, new byte[8])), new SessionId(new Guid(4, 5, 6, new byte[8])));
        nodes[0].Bus.Publish(new DevicesSought(7, 8, [new SoughtDevice(user, session)]));
        nodes[0].Bus.Publish(new DevicesFound(7, [new FoundDevice(session, DeviceWord.Awake)]));

        await there.UntilAsync(2);
        var sought = Assert.IsType<DevicesSought>(there.Messages[0]);
        Assert.Equal((7L, 8L, new SoughtDevice(user, session)), (sought.ChatNo, sought.Seq, Assert.Single(sought.Devices)));
        var found = Assert.IsType<DevicesFound>(there.Messages[1]);
        Assert.Equal((7L, new FoundDevice(session, DeviceWord.Awake)), (found.ChatNo, Assert.Single(found.Devices)));
    }

    [Fact]
    public async Task When_redis_is_killed_each_node_goes_on_by_itself_and_hears_the_other_again_when_it_is_started_again()
    {
        await using var redis = await RedisProcess.StartAsync();
        var nodes = await StartAsync(RedisServer.UrlOf(redis), 2);
        var (here, there) = (new Inbox(nodes[0].Bus), new Inbox(nodes[1].Bus));
        await redis.KillAsync();
        await UntilAsync(() => nodes.TrueForAll(node => !node.Client.IsConnected));
        nodes[0].Bus.Publish(new CircleMoved(default));
        await here.UntilAsync(1);
        Assert.Empty(there.Messages);

        await redis.StartAgainAsync();
        await HearsAgainAsync(nodes[0], there);
    }

    [Fact]
    public async Task A_redis_that_falls_silent_is_left_and_found_again()
    {
        await using var redis = await RedisProcess.StartAsync();
        var nodes = await StartAsync(RedisServer.UrlOf(redis), 2, RedisNode.Little);
        var there = new Inbox(nodes[1].Bus);
        await redis.PauseAsync();

        // Nobody who publishes waits for it.
        for (var i = 0; i < 1_000; i++)
            nodes[0].Bus.Publish(new UserNotice(default, new byte[1_000]));
        await UntilAsync(() => nodes.TrueForAll(node => !node.Client.IsConnected));
        await redis.GoOnAsync();
        await HearsAgainAsync(nodes[0], there);
    }

    [Fact]
    public async Task A_slow_redis_brings_everything_later_and_in_order()
    {
        var url = RedisServer.Url;
        await using var proxy = RedisServer.Proxy(url);
        proxy.Latency = TimeSpan.FromMilliseconds(100);
        var nodes = await StartAsync(RedisServer.Through(url, proxy), 2);
        var there = new Inbox(nodes[1].Bus);
        for (var rev = 1; rev <= 500; rev++)
            nodes[0].Bus.Publish(new ChatCommit(1, default, 1, [new ChatEvent(rev, "{}"u8.ToArray())], []));
        await there.UntilAsync(500);
        Assert.Equal(Enumerable.Range(1, 500).Select(rev => (long)rev), there.Messages.Cast<ChatCommit>().Select(commit => commit.HeadRev));
    }

    [Fact]
    public async Task A_redis_that_was_away_at_the_start_is_joined_when_it_comes()
    {
        await using var redis = await RedisProcess.StartAsync();
        await redis.KillAsync();
        var node = await RedisNode.StartAsync(RedisServer.UrlOf(redis));
        _nodes.Add(node);
        var here = new Inbox(node.Bus);
        node.Bus.Publish(new CircleMoved(default));
        await here.UntilAsync(1);
        await redis.StartAgainAsync();
        await node.Client.ConnectedAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_wrong_password_is_no_connection_and_a_call_says_that_there_is_none()
    {
        await using var redis = await RedisProcess.StartAsync("right");
        await StartAsync(RedisServer.UrlOf(redis) with { Password = "right" }, 1);
        await using var node = await RedisNode.StartAsync(RedisServer.UrlOf(redis) with { Password = "wrong" });
        await Assert.ThrowsAsync<Server.Platform.Problems.EngineUnavailableException>(
            async () => await node.Client.CallAsync(RedisCommand.Of("PING"), TestContext.Current.CancellationToken));
        Assert.False(node.Client.IsConnected);
    }

    [Fact]
    public async Task To_one_whose_certificate_nobody_trusts_nothing_is_said()
    {
        using var key = ECDsa.Create();
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var node = await RedisNode.StartAsync(new RedisUrl("localhost", ((IPEndPoint)listener.LocalEndpoint).Port, null, "secret", 0, Tls: true));
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());

        // How the other side hangs up is its own business, as long as it says no word first.
        var said = 0;
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            said = await tls.ReadAsync(new byte[64], TestContext.Current.CancellationToken);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            said = 0;
        }

        Assert.Equal((0, false), (said, node.Client.IsConnected));
    }

    [Fact]
    public async Task Answers_come_to_those_who_asked_however_many_ask()
    {
        var node = (await StartAsync(RedisServer.Url, 1))[0];
        var answers = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(number =>
            node.Client.CallAsync(RedisCommand.Of("ECHO", $"{number}\r\n{new string('x', number)}"), TestContext.Current.CancellationToken)));
        Assert.Equal(Enumerable.Range(0, 2_000).Select(number => $"{number}\r\n{new string('x', number)}"), answers.Select(answer => answer.Text));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => node.Client.CallAsync(RedisCommand.Of("NOSUCH"), TestContext.Current.CancellationToken));
        Assert.Contains("NOSUCH", refused.Message, StringComparison.Ordinal);
        Assert.Equal("PONG", (await node.Client.CallAsync(RedisCommand.Of("PING"), TestContext.Current.CancellationToken)).Text);
    }

    private async Task<List<RedisNode>> StartAsync(RedisUrl url, int count, TimeSpan? patience = null)
    {
        for (var i = 0; i < count; i++)
        {
            var node = await RedisNode.StartAsync(url, patience);
            _nodes.Add(node);
            await node.Client.ConnectedAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        }

        return _nodes;
    }

    // Both ends have to be there again, and which is first is nobody's to say: what is said before is lost.
    private static async Task HearsAgainAsync(RedisNode speaker, Inbox listener)
    {
        var before = listener.Messages.Count;
        await UntilAsync(() =>
        {
            speaker.Bus.Publish(new CircleMoved(default));
            return listener.Messages.Count > before;
        });
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Limit);
        while (!isSo())
            await Task.Delay(20, late.Token);
    }
}
