using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Bus.InProcess;
using Hypersend.Server.Engines.Bus.Redis;
using Hypersend.Server.Engines.Redis;
using Hypersend.Server.Realtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.Load.Nodes;

/// <summary>From the publication at one end of the bus to whoever listens at the other, without the rest of a server.</summary>
internal static class BusDelay
{
    private const int EventBytes = 600;
    private const int Pace = 2_000;

    public static async Task MeasureAsync(RunOptions options, Report report, Uri redis)
    {
        await using var from = await End.OpenAsync(redis);
        await using var to = await End.OpenAsync(redis);
        var samples = new Samples();
        to.Bus.Subscribe(message =>
        {
            if (message is ChatCommit commit)
                Volatile.Read(ref samples).Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64BigEndian(commit.Events[0].Json.Span)));
        });
        await PublishAsync(from.Bus, options.Length(2));
        Volatile.Write(ref samples, new Samples());
        var said = await PublishAsync(from.Bus, options.Length(10));
        var began = Stopwatch.GetTimestamp();
        while (samples.Count < said && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5))
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        report.Add(new Row($"bus, from one node to another, {Report.Number(Pace)} commits a second", string.Create(
            CultureInfo.InvariantCulture, $"p50 {samples.Rank(0.5):0.00} ms, p99 {samples.Rank(0.99):0.00} ms"))
        {
            Remark = string.Create(CultureInfo.InvariantCulture, $"{EventBytes} bytes each; {samples.Count:#,0} of {said:#,0} came"),
        });
    }

    private static async Task<int> PublishAsync(RedisBus bus, TimeSpan length)
    {
        var chat = new ChatId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        var began = Stopwatch.GetTimestamp();
        var said = 0;
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < length)
        {
            for (; said < elapsed.TotalSeconds * Pace; said++)
            {
                var json = new byte[EventBytes];
                BinaryPrimitives.WriteInt64BigEndian(json, Stopwatch.GetTimestamp());
                bus.Publish(new ChatCommit(1, chat, 1, [new ChatEvent(said + 1, json)], []));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }

        return said;
    }

    private sealed class End : IAsyncDisposable
    {
        private readonly RedisClient _redis;
        private readonly RedisBus _bus;

        private End(Uri url)
        {
            _redis = new RedisClient(RedisUrl.Parse(url.ToString())!, TimeProvider.System, NullLogger<RedisClient>.Instance);
            _bus = new RedisBus(_redis, new InProcessBus(NullLogger<InProcessBus>.Instance), TimeProvider.System, NullLogger<RedisBus>.Instance);
        }

        public RedisBus Bus => _bus;

        public static async Task<End> OpenAsync(Uri url)
        {
            var end = new End(url);
            await end._bus.StartAsync(CancellationToken.None);
            await end._redis.StartAsync(CancellationToken.None);
            await end._redis.ConnectedAsync(CancellationToken.None);
            return end;
        }

        public async ValueTask DisposeAsync()
        {
            await _bus.StopAsync(CancellationToken.None);
            await _redis.StopAsync(CancellationToken.None);
            _bus.Dispose();
            _redis.Dispose();
        }
    }
}
