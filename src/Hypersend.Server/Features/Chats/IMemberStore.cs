using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>Who is in a chat, who may come in, and who may not come back.</summary>
internal interface IMemberStore
{
    /// <summary>The members by id.</summary>
    Task<Result<IReadOnlyList<MemberSeen>>> ListAsync(UserId viewer, ChatId id, UserId after, int limit, CancellationToken cancellation);

    /// <summary>Brings people in, all of them or nobody; those who are there already stay as they are.</summary>
    Task<Result<Changed<IReadOnlyList<MemberSeen>>>> AddAsync(
        UserId actor, ChatId id, IReadOnlyCollection<UserId> people, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<Changed<MemberSeen>>> ChangeRoleAsync(UserId actor, ChatId id, UserId user, string role, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Removes somebody else.</summary>
    Task<Result<Changed<Done>>> RemoveAsync(UserId actor, ChatId id, UserId user, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Leaves; a direct chat is only hidden until the next message, and the last one to go ends the chat.</summary>
    Task<Result<Departure>> LeaveAsync(UserId actor, ChatId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Takes a deleted account out of one of its chats and leaves that an owner; null when it is in none any more.</summary>
    Task<ChatChange?> LeaveNextAsync(UserId ghost, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Deleted accounts that are still in chats, because somebody died before they had left them all.</summary>
    Task<IReadOnlyList<UserId>> GhostsAsync(CancellationToken cancellation);

    /// <summary>Whether the other one of this direct chat blocks the person.</summary>
    Task<bool> IsBlockedAsync(long chatNo, UserId user, CancellationToken cancellation);

    /// <summary>Comes into a room or a public channel.</summary>
    Task<Result<Changed<ChatSeen>>> JoinAsync(UserId actor, ChatId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Comes in by an invitation, which counts it.</summary>
    Task<Result<Changed<ChatSeen>>> JoinByInviteAsync(UserId actor, string token, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Keeps an invitation; those that are over make room.</summary>
    Task<Result<Done>> AddInviteAsync(UserId actor, ChatId id, InviteRow invite, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>All that can still be used, the newest first; to those who are not staff their own.</summary>
    Task<Result<IReadOnlyList<InviteRow>>> InvitesAsync(UserId viewer, ChatId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The chat that this invitation would let the person into, or where they are already.</summary>
    Task<Result<InvitedRow>> InvitedAsync(UserId viewer, string token, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<Done>> WithdrawInviteAsync(UserId actor, ChatId id, string token, CancellationToken cancellation);

    /// <summary>Removes the person when they are in the chat, and keeps them out.</summary>
    Task<Result<Changed<Done>>> BanAsync(UserId actor, ChatId id, UserId user, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<Done>> UnbanAsync(UserId actor, ChatId id, UserId user, CancellationToken cancellation);

    Task<Result<IReadOnlyList<BanSeen>>> BansAsync(UserId viewer, ChatId id, UserId after, int limit, CancellationToken cancellation);
}

/// <summary>What became of somebody who left: the chat is hidden, or over, or goes on without them.</summary>
internal sealed record Departure(ChatChange? Change, bool Hidden, bool Ended, long Rev);

internal sealed record InviteRow
{
    public string Token { get; init; } = "";

    public UserId CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public int? MaxUses { get; init; }

    public int Uses { get; init; }
}

internal sealed record InvitedRow
{
    public long No { get; init; }

    public string Type { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public int MemberCount { get; init; }
}

internal sealed record BanSeen(BanRow Row, Profile User);

internal sealed record BanRow
{
    public UserId BannedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
