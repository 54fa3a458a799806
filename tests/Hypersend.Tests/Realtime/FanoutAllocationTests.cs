using System.IO.Pipelines;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime.Fanout;
using Hypersend.Server.Realtime.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.Tests.Realtime;

/// <summary>
/// What one event costs in memory does not depend on how many hear it. Counted on the thread that delivers, between the first
/// socket's turn and the last one's, so that nothing else in this process is counted.
/// </summary>
public sealed class FanoutAllocationTests : IDisposable
{
    private const long ChatNo = 7;
    private const int Sockets = 1_000;
    private const int WarmUps = 30;
    private const int Counted = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeChats _chats = new();
    private readonly LiveHub _hub;
    private readonly SocketWheel _wheel;

    public FanoutAllocationTests()
    {
        _hub = new LiveHub(_chats, TimeProvider.System, NullLogger<LiveHub>.Instance);

        // It does not turn here, so it asks for no session.
        _wheel = new SocketWheel(_hub, sessions: null!, TimeProvider.System, NullLogger<SocketWheel>.Instance);
    }

    public void Dispose() => _wheel.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Events_of_a_commit_allocate_nothing_for_each_socket_that_hears_them(int events)
    {
        var connections = await ConnectAsync();
        var most = long.MinValue;
        var least = long.MaxValue;
        for (var round = 0; round < WarmUps + Counted; round++)
        {
            _hub.Receive(_chats.Commit(ChatNo, events));
            Assert.True(await connections[^1].Written.WaitAsync(Patience, Cancellation));
            if (round < WarmUps)
                continue;
            var allocated = connections[^1].AllocatedWhenWritten - connections[0].AllocatedWhenWritten;
            (least, most) = (Math.Min(least, allocated), Math.Max(most, allocated));
        }

        Assert.All(connections, connection => Assert.Equal(WarmUps + Counted, connection.Writes));

        // An allocation for each delivery is there every time. What is there once is the runtime's, while it makes its code faster.
        Assert.True(least == 0, $"{least:n0} to {most:n0} bytes for {Sockets - 1:n0} sockets");
    }

    private async Task<Connection[]> ConnectAsync()
    {
        var users = Enumerable.Range(1, Sockets).Select(number => new UserId(new Guid(number, 0, 0, new byte[8]))).ToArray();
        var listened = _chats.Add(ChatNo, users);
        var room = new byte[64 * 1024];
        var connections = users.Select(_ => new Connection(room)).ToArray();
        for (var i = 0; i < Sockets; i++)
        {
            var socket = new LiveSocket(_wheel, connections[i], () => { }, users[i], default, only: null);
            _hub.Enter(socket);
            await _hub.SitAsync(socket, [listened], Cancellation);
            socket.Release([listened]);
        }

        return connections;
    }

    /// <summary>A connection that takes everything at once, as one does whose client reads.</summary>
    private sealed class Connection(byte[] room) : PipeWriter
    {
        public SemaphoreSlim Written { get; } = new(0);

        public int Writes { get; private set; }

        /// <summary>What the thread that wrote last had allocated until then.</summary>
        public long AllocatedWhenWritten { get; private set; }

        public override Memory<byte> GetMemory(int sizeHint = 0) => room;

        public override Span<byte> GetSpan(int sizeHint = 0) => room;

        public override void Advance(int bytes)
        {
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Writes++;
            AllocatedWhenWritten = GC.GetAllocatedBytesForCurrentThread();
            Written.Release();
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: false));
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
