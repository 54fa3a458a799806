using Hypersend.Server.Platform.Health;

namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>The bucket is there and we may look at it.</summary>
internal sealed class S3Probe(S3Bucket bucket) : IHealthProbe
{
    public string Service => "storage";

    public Task ProbeAsync(CancellationToken cancellation) => bucket.ProbeAsync(cancellation);
}
