using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>A power of some stores: what they keep may be sealed, and then nobody else can send it as it lies.</summary>
internal interface ISealingBlobs
{
    ValueTask<bool> IsSealedAsync(FileId file, CancellationToken cancellation);
}
