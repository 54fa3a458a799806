using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>A power of some stores: a part is written in place, so it can come in several goes.</summary>
internal interface IContinuedBlobs
{
    /// <summary>
    /// Goes on with a part behind its first bytes. Finished, all that was written so far is durable, also when the place is
    /// not full.
    /// </summary>
    ValueTask<IBlobWrite> ContinueAsync(FileId file, BlobPlace place, int from, CancellationToken cancellation);
}
