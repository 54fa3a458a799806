using Hypersend.Contracts.Updates;

namespace Hypersend.Server.Features.Updates;

/// <summary>The versions of each client that were published here.</summary>
internal interface IReleaseStore
{
    /// <summary>All of one platform, or with null of every platform.</summary>
    Task<IReadOnlyList<Release>> ListAsync(string? platform, CancellationToken cancellation);

    /// <summary>Publishes a version, or corrects one that was published before.</summary>
    Task PublishAsync(Release release, CancellationToken cancellation);
}
