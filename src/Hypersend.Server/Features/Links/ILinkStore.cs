using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Links;

/// <summary>The addresses at which people without an account fetch files.</summary>
internal interface ILinkStore
{
    /// <summary>Only the owner of a file shares it so.</summary>
    Task<Result<LinkRow>> AddAsync(UserId owner, FileId file, NewLink link, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<IReadOnlyList<LinkRow>>> ListAsync(UserId owner, FileId file, CancellationToken cancellation);

    Task<bool> DeleteAsync(UserId owner, LinkId id, CancellationToken cancellation);

    /// <summary>Null when there is no link with this token; whether it is still good is for the caller to see.</summary>
    Task<FoundLink?> FindAsync(byte[] tokenHash, CancellationToken cancellation);

    /// <summary>Null when <see cref="TakeAsync"/> would let the visitor fetch; changes nothing.</summary>
    Task<Failure?> LookAsync(LinkId id, string visitor, DateTimeOffset? counted, CancellationToken cancellation);

    /// <summary>
    /// Lets a visitor fetch, counted once for all they fetch, durable when the task completes; or says why not. A visit that
    /// is older than <paramref name="counted"/> is a new one; each use makes it young again.
    /// </summary>
    Task<Failure?> TakeAsync(LinkId id, string visitor, DateTimeOffset? counted, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>A visitor who counts already is still there.</summary>
    Task SeenAsync(LinkId id, string visitor, DateTimeOffset now, CancellationToken cancellation);
}

internal sealed record NewLink(LinkId Id, byte[] TokenHash, string? PasswordHash, int? MaxDownloads, DateTimeOffset? ExpiresAt)
{
    public const int MostOfOneFile = 100;
}

internal sealed record LinkRow
{
    public LinkId Id { get; init; }

    public string? PasswordHash { get; init; }

    public int? MaxDownloads { get; init; }

    public int Downloads { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed record FoundLink(LinkRow Link, FileRow File)
{
    /// <summary>Its time or the file's is over. Whether it is used up depends on who comes.</summary>
    public bool IsOver(DateTimeOffset now) => Link.ExpiresAt <= now || File.EndedAt is not null || File.RetentionAt <= now;

    /// <summary>When it cannot be fetched any more.</summary>
    public DateTimeOffset? EndsAt => File.RetentionAt < (Link.ExpiresAt ?? DateTimeOffset.MaxValue) ? File.RetentionAt : Link.ExpiresAt;
}
