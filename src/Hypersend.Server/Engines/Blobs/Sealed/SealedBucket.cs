using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Blobs.S3;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>A bucket of sealed objects. Every attempt is written whole, so no frame is ever written twice.</summary>
internal sealed class SealedBucket(S3BlobStore inner, FileSeals seals) : SealedBlobStore(inner, seals), IBlobLeftovers
{
    private readonly S3BlobStore _inner = inner;

    protected override bool HasRests => false;

    public Task DropOthersAsync(FileId file, IReadOnlySet<string> names, CancellationToken cancellation) => _inner.DropOthersAsync(file, names, cancellation);

    public void Forget(FileId file, string name) => _inner.Forget(file, name);
}
