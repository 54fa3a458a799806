using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Presence;

/// <summary>Where it is known who knows whom. Who is here is kept nowhere but in memory.</summary>
internal interface IPresenceStore
{
    /// <summary>Those of the people that have an account, all by the same few queries.</summary>
    Task<IReadOnlyList<Acquaintance>> FindAsync(IReadOnlyCollection<UserId> people, CancellationToken cancellation);
}
