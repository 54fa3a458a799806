using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Features.Admin;

/// <summary>What admins see and change: all accounts, and the server's own facts.</summary>
internal interface IAdminStore
{
    Task<IReadOnlyList<Profile>> ListUsersAsync(string search, string after, int limit, CancellationToken cancellation);

    /// <summary>Null when it is done; otherwise the code of the refusal. The last admin stays one.</summary>
    Task<string?> UpdateUserAsync(UserId id, AccountChange change, DateTimeOffset now, CancellationToken cancellation);

    Task<bool> AnyAdminAsync(CancellationToken cancellation);

    /// <summary>Whether there is or was one, deleted ones too.</summary>
    Task<bool> AnyAccountAsync(CancellationToken cancellation);

    Task<(long Users, long Sessions)> CountAsync(CancellationToken cancellation);

    /// <summary>A fact about the whole server by name; null when it was never set.</summary>
    Task<string?> ReadFactAsync(string key, CancellationToken cancellation);

    /// <summary>Makes the fact anew from what it was (null when it was never set), in one step, and gives what it is now.</summary>
    Task<string> ChangeFactAsync(string key, Func<string?, string> change, CancellationToken cancellation);

    /// <summary>The fact as it stands, set to <paramref name="value"/> when it was not: one winner among nodes that start together.</summary>
    Task<string> ReadOrWriteFactAsync(string key, string value, CancellationToken cancellation);

    Task AddInviteAsync(InviteRow invite, byte[] tokenHash, UserId createdBy, CancellationToken cancellation);

    Task<IReadOnlyList<InviteRow>> ListInvitesAsync(DateTimeOffset now, CancellationToken cancellation);

    Task<bool> DeleteInviteAsync(InviteId id, CancellationToken cancellation);
}

/// <summary>What an admin changes of an account; null stays as it is.</summary>
internal sealed record AccountChange
{
    public string? Role { get; init; }

    public bool? Disabled { get; init; }

    /// <summary>-1 returns to the server's default.</summary>
    public long? QuotaBytes { get; init; }
}

/// <summary>An invitation to register, without its token.</summary>
internal sealed record InviteRow
{
    public InviteId Id { get; init; }

    public long MaxUses { get; init; }

    public long Uses { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
