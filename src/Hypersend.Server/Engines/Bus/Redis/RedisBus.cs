using System.Buffers;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Hypersend.Server.Engines.Bus.InProcess;
using Hypersend.Server.Engines.Redis;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Bus.Redis;

/// <summary>
/// The bus of several nodes. Whoever listens here is told on the spot, as in one process; what waits for the others leaves as one
/// publication, however much it is, and comes back to be passed over. Without Redis the others find out by asking the database.
/// </summary>
internal sealed partial class RedisBus : BackgroundLoop, IBus
{
    private const long MostBytes = 64 * 1024 * 1024;

    // Behind more than this, other nodes are not told who types or came: messages go first.
    private const long MostBytesBeforePassing = 1024 * 1024;
    private const int BytesAtOnce = 256 * 1024;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private static readonly byte[] Publication = [.. "PUBLISH"u8];

    private readonly Guid _node;
    private readonly byte[] _channelBytes;
    private readonly RedisClient _redis;
    private readonly InProcessBus _here;
    private readonly ILogger<RedisBus> _log;
    private readonly Channel<BusMessage> _leaving = Channel.CreateUnbounded<BusMessage>(new UnboundedChannelOptions { SingleReader = true });
    private long _leavingBytes;

    public RedisBus(RedisClient redis, InProcessBus here, TimeProvider clock, ILogger<RedisBus> log)
        : base(log)
    {
        (_redis, _here, _log, _node) = (redis, here, log, Guid.CreateVersion7(clock.GetUtcNow()));

        // Redis tells what is published to whoever listens, in whichever database they are: two sites may share one server.
        var channel = string.Create(CultureInfo.InvariantCulture, $"hypersend:{redis.Database}:bus");
        _channelBytes = Encoding.ASCII.GetBytes(channel);
        redis.Listen(channel, Receive);

        // Who was not heard meanwhile, and whoever is new, are told how things are here, and asked how they are there.
        redis.Came += () => Publish(new NodeCame());
    }

    public void Publish(BusMessage message)
    {
        _here.Publish(message);
        var weight = BusMessages.Weight(message);
        if (!_redis.IsConnected)
        {
            BusMetrics.Lost();
        }
        else if (Interlocked.Add(ref _leavingBytes, weight) > (BusMessages.IsPassing(message) ? MostBytesBeforePassing : MostBytes))
        {
            Interlocked.Add(ref _leavingBytes, -weight);
            BusMetrics.Lost();
        }
        else
        {
            _leaving.Writer.TryWrite(message);
        }
    }

    public bool IsWhole => _redis.IsConnected;

    public void Subscribe(Action<BusMessage> receive) => _here.Subscribe(receive);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        var bytes = new ArrayBufferWriter<byte>(BytesAtOnce);
        try
        {
            while (await _leaving.Reader.WaitToReadAsync(stopping))
                await SendAsync(bytes, stopping);
        }
        finally
        {
            // Who was here says so before this node goes.
            using var late = new CancellationTokenSource(Farewell);
            while (_redis.IsConnected && !late.IsCancellationRequested && _leaving.Reader.TryPeek(out _))
                await SendAsync(bytes, late.Token);
        }
    }

    // All that waits is one publication: the busier it is, the fewer there are.
    private async Task SendAsync(ArrayBufferWriter<byte> bytes, CancellationToken cancellation)
    {
        bytes.ResetWrittenCount();
        BusWire.Begin(bytes, _node);
        var count = 0;
        for (; bytes.WrittenCount < BytesAtOnce && _leaving.Reader.TryRead(out var message); count++)
        {
            Interlocked.Add(ref _leavingBytes, -BusMessages.Weight(message));
            BusWire.Write(bytes, message);
        }

        try
        {
            await _redis.CallAsync(new RedisCommand(Publication, _channelBytes, bytes.WrittenMemory), cancellation);
        }
        catch (Exception exception) when (exception is EngineUnavailableException or InvalidOperationException)
        {
            // Whoever listens elsewhere finds it in the database a second later.
            BusMetrics.Lost(count);
        }
    }

    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        if (BusWire.NodeOf(bytes.Span) is not { } node || node == _node)
            return;
        try
        {
            foreach (var message in BusWire.Read(bytes))
                _here.Offer(message);
        }
        catch (InvalidDataException exception)
        {
            Unreadable(_log, exception);
        }
    }

    [LoggerMessage(323, LogLevel.Error, "Another node published what cannot be read; what it said is found in the database")]
    private static partial void Unreadable(ILogger log, Exception exception);
}
