using System.Globalization;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;

namespace Hypersend.Server.Engines.Redis;

/// <summary>
/// One count for all nodes, by the clock of Redis. A request never waits long for it: while Redis is away or slow, each node counts
/// for itself.
/// </summary>
internal sealed partial class RedisRateWindow(RedisClient redis, SlidingWindow here, TimeProvider clock, ILogger<RedisRateWindow> log) : IRateWindow
{
    private static readonly TimeSpan LeftAloneFor = TimeSpan.FromSeconds(2);

    // The same two buckets as SlidingWindow has, in one step that nobody comes between.
    private static readonly byte[] Script =
    [
        .. """
           local t = redis.call('TIME')
           local now = t[1] * 1000 + math.floor(t[2] / 1000)
           local limit, length = tonumber(ARGV[1]), tonumber(ARGV[2])
           local kept = redis.call('HMGET', KEYS[1], 's', 'c', 'p')
           local start, current, previous = tonumber(kept[1]) or now, tonumber(kept[2]) or 0, tonumber(kept[3]) or 0
           local passed = math.floor((now - start) / length)
           if passed > 0 then
             previous = passed == 1 and current or 0
             current = 0
             start = start + passed * length
           end
           local wait = 0
           if limit < 1 then
             wait = length
           elseif current >= limit then
             wait = length - (now - start) + (1 - (limit - 1) / current) * length
           elseif previous > 0 then
             wait = (1 - (limit - 1 - current) / previous) * length - (now - start)
           end
           if wait > 0 then return math.ceil(wait) end
           redis.call('HSET', KEYS[1], 's', start, 'c', current + 1, 'p', previous)
           redis.call('PEXPIRE', KEYS[1], 2 * length)
           return 0
           """u8,
    ];

    private long _leftAloneAt;

    /// <summary>How long a request waits for an answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(250);

    public async ValueTask<TimeSpan?> TakeAsync(string group, string key, int limit, TimeSpan window, CancellationToken cancellation)
    {
        var failedAt = Volatile.Read(ref _leftAloneAt);
        if (redis.IsConnected && (failedAt == 0 || clock.GetElapsedTime(failedAt) > LeftAloneFor))
        {
            try
            {
                var answer = await redis.CallAsync(Command(group, key, limit, window), cancellation).WaitAsync(Patience, clock, cancellation);
                return answer.Number <= 0 ? null : TimeSpan.FromMilliseconds(answer.Number);
            }
            catch (Exception exception) when (exception is EngineUnavailableException or TimeoutException or InvalidOperationException)
            {
                // Nobody waits for it again and again; that it is away the client has said already.
                Volatile.Write(ref _leftAloneAt, clock.GetTimestamp());
                if (exception is not EngineUnavailableException)
                    NotCounted(log, exception.Message);
            }
        }

        return await here.TakeAsync(group, key, limit, window, cancellation);
    }

    private static RedisCommand Command(string group, string key, int limit, TimeSpan window) => new(
        "EVAL"u8.ToArray(),
        Script,
        "1"u8.ToArray(),
        Bytes($"hypersend:rate:{group}:{key}"),
        Bytes(limit.ToString(CultureInfo.InvariantCulture)),
        Bytes(((long)window.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    [LoggerMessage(324, LogLevel.Warning, "Redis did not count for the rate limits: {Reason} This node counts for itself for two seconds")]
    private static partial void NotCounted(ILogger log, string reason);
}
