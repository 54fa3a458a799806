using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Redis;

namespace Hypersend.EngineSpecs.Bus;

/// <summary>The Redis that the environment names.</summary>
internal static class RedisServer
{
    public const string Variable = "HYPERSEND_TEST_REDIS";

    private static int _databases;

    /// <summary>A database that no other test of this run uses at the same time; skips the test when there is no Redis.</summary>
    public static RedisUrl Url
    {
        get
        {
            var value = Environment.GetEnvironmentVariable(Variable);
            Assert.SkipWhen(string.IsNullOrEmpty(value), $"Redis is absent: {Variable} is not set");
            var url = RedisUrl.Parse(value!) ?? throw new InvalidOperationException($"{Variable} must be {RedisUrl.Shape}.");
            return url with { Database = Interlocked.Increment(ref _databases) % 16 };
        }
    }

    public static RedisUrl UrlOf(RedisProcess redis) => RedisUrl.Parse(redis.Setting)!;

    public static FaultProxy Proxy(RedisUrl url) => new(url.Host, url.Port);

    public static RedisUrl Through(RedisUrl url, FaultProxy proxy) => url with { Host = "127.0.0.1", Port = proxy.Port };
}
