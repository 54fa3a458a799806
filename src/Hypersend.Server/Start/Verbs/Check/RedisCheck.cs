using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Hypersend.Server.Engines.Redis;
using Hypersend.Server.Engines.Sql;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Redis: reached, new enough, quick from one end to the other, and such that it never refuses.</summary>
internal sealed class RedisCheck : ICheck
{
    private const int OldestVersion = 6;

    private static readonly TimeSpan SlowNotice = TimeSpan.FromMilliseconds(20);

    public string Name => "redis";

    public string Fix => "Look at REDIS_URL (host, port, password, rediss:// for TLS) and whether Redis runs. Without it all works, up to a second later between nodes.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (site.Settings.Text("REDIS_URL") is not { } text || RedisUrl.Parse(text) is not { } url)
        {
            if (site.Get<DatabaseUrl>().SqlitePath is null)
                yield return Finding.Ok("redis", "REDIS_URL is not set: right for one node, slower between several");
            yield break;
        }

        var channel = "hypersend-check-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var line = await RedisLine.OpenAsync(
            url,
            push =>
            {
                if (push.Items is [var kind, var about, _] && kind.Is("message"u8) && about.Text == channel)
                    heard.TrySetResult();
            },
            cancellation);
        var about = (await line.CallAsync(RedisCommand.Of("INFO"), cancellation)).Text.Split("\r\n")
            .Select(row => row.Split(':', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1]);
        yield return JudgeVersion(about["redis_version"].FirstOrDefault() ?? "");
        yield return JudgeMemory(
            long.TryParse(about["maxmemory"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 0,
            about["maxmemory_policy"].FirstOrDefault() ?? "");

        line.Post(RedisCommand.Of("SUBSCRIBE", channel));
        await line.CallAsync(RedisCommand.Of("PING"), cancellation);
        var began = site.Clock.GetTimestamp();
        await line.CallAsync(RedisCommand.Of("PUBLISH", channel, ""), cancellation);
        await heard.Task.WaitAsync(cancellation);
        var took = site.Clock.GetElapsedTime(began);
        var seen = $"{url} passes a notice on in {Words.Milliseconds(took)}";
        yield return took < SlowNotice ? Finding.Ok("redis.notice", seen) : Finding.Warning("redis.notice", seen, "Messages between nodes wait for it. Put Redis nearer to the nodes.");
    }

    public static Finding JudgeVersion(string version) => Finding.Judge(
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major >= OldestVersion,
        "redis.version", $"Redis {version}", string.Create(CultureInfo.InvariantCulture, $"Use Redis {OldestVersion} or newer, or Valkey."));

    public static Finding JudgeMemory(long most, string policy) => most > 0 && policy == "noeviction"
        ? Finding.Warning("redis.memory", $"at most {Words.Bytes(most)}, maxmemory-policy {policy}", "When it is full it refuses. Set maxmemory-policy allkeys-lru: nothing in it would be missed.")
        : Finding.Ok("redis.memory", most == 0 ? "no limit" : $"at most {Words.Bytes(most)}, maxmemory-policy {policy}");
}
