using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Hypersend.Server.Engines.Blobs.S3;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>The bucket takes a small object, gives a part of it, and lets it be deleted.</summary>
internal sealed class S3Check : ICheck
{
    private const int Size = 64;

    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);

    public string Name => "s3";

    public string Fix => "Look at STORAGE_URL (host, port, key, secret with / as %2F, region, tls), whether the bucket is there, and whether the key may put, get, list and delete in it.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (site.Services.GetService<S3Bucket>() is not { } bucket)
            yield break;
        await bucket.ProbeAsync(cancellation);
        yield return Finding.Ok("s3.bucket", "is there");
        var (key, bytes) = ("check/" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), RandomNumberGenerator.GetBytes(Size));
        await bucket.PutAsync(key, bytes, cancellation);
        yield return Finding.Ok("s3.put", "took a small object");
        using (var answer = await bucket.SendAsync(HttpMethod.Get, key, cancellation, from: 8, to: 15))
        {
            var part = await answer.Content.ReadAsByteArrayAsync(cancellation);
            var isPart = answer.StatusCode == HttpStatusCode.PartialContent && part.AsSpan().SequenceEqual(bytes.AsSpan(8, 8));
            yield return Finding.Judge(isPart, "s3.range", isPart ? "gave a part of it" : $"answered {(int)answer.StatusCode} to a Range", "Whatever stands between must pass Range on; downloads and videos need it.");
            if (answer.Headers.Date is { } theirs)
                yield return JudgeSkew(theirs - site.Clock.GetUtcNow());
        }

        await bucket.DeleteAsync(new[] { key }.ToAsyncEnumerable(), cancellation);
        var isGone = !await bucket.HasAsync(key, cancellation);
        yield return Finding.Judge(isGone, "s3.delete", isGone ? "deleted it" : "did not delete it", "Let the key delete objects, or nothing that expires ever goes.");
    }

    /// <summary>A signature is good for a quarter of an hour around the server's own time.</summary>
    public static Finding JudgeSkew(TimeSpan ahead)
    {
        // A Date has whole seconds.
        var seen = $"its clock differs from this machine's by {Words.Seconds(ahead)}";
        return ahead.Duration() < MostSkew ? Finding.Ok("s3.clock", seen) : Finding.Wrong("s3.clock", seen, "Signatures fail at 15 minutes. Let NTP keep the time: timedatectl set-ntp true.");
    }
}
