using BenchmarkDotNet.Attributes;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime;
using Hypersend.Server.Realtime.Fanout;
using Hypersend.Server.Realtime.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.Bench;

/// <summary>
/// One committed event from the bus to everybody who listens to its chat, up to where the kernel's socket would begin. What is allocated
/// is the same for one listener and for a thousand.
/// </summary>
public class FanoutBenchmark : IDisposable
{
    private const long ChatNo = 7;
    private const long First = 1;

    private readonly AutoResetEvent _heard = new(false);
    private readonly LiveHub _hub = new(store: null!, TimeProvider.System, NullLogger<LiveHub>.Instance);
    private SocketWheel? _wheel;
    private ReadOnlyMemory<byte> _json;
    private long _rev = First;

    [Params(1, 100, 1_000)]
    public int Listeners { get; set; }

    [GlobalSetup]
    public async Task ConnectAsync()
    {
        _json = SampleMessage.Event(ChatNo, First).Json;
        _wheel = new SocketWheel(_hub, sessions: null!, TimeProvider.System, NullLogger<SocketWheel>.Instance);
        var room = new byte[64 * 1024];
        var listened = new ListenedChat { No = ChatNo, Id = SampleMessage.Chat, Rev = First, MembersVersion = 1, MemberCount = Listeners };
        for (var number = 1; number <= Listeners; number++)
        {
            // The last one in the row says when all have heard.
            var connection = new TakingConnection(room, number == Listeners ? () => _heard.Set() : null);
            var socket = new LiveSocket(_wheel, connection, () => { }, new UserId(new Guid(number, 0, 0, new byte[8])), default, only: null);
            _hub.Enter(socket);
            await _hub.SitAsync(socket, [listened], CancellationToken.None);
            socket.Release([listened]);
        }
    }

    [Benchmark]
    public void Deliver()
    {
        var rev = ++_rev;
        _hub.Receive(new ChatCommit(ChatNo, SampleMessage.Chat, MembersVersion: 1, [new ChatEvent(rev, _json, rev)], []));
        _heard.WaitOne();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _wheel?.Dispose();
        _heard.Dispose();
        GC.SuppressFinalize(this);
    }
}
