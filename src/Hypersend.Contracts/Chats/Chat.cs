using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Users;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Chats;

public static class ChatTypes
{
    /// <summary>Two people.</summary>
    public const string Direct = "direct";

    /// <summary>Whoever was invited.</summary>
    public const string Group = "group";

    /// <summary>Few publish, many read.</summary>
    public const string Channel = "channel";

    /// <summary>Open to everybody on the server.</summary>
    public const string Room = "room";

    /// <summary>Notes to myself.</summary>
    public const string Saved = "saved";
}

public static class ChatRoles
{
    public const string Owner = "owner";
    public const string Admin = "admin";
    public const string Member = "member";

    /// <summary>Reads a channel.</summary>
    public const string Subscriber = "subscriber";
}

/// <summary>A conversation. In an event, which is the same for everybody, the parts about me are absent.</summary>
public record Chat
{
    public required ChatId Id { get; init; }

    [OneOf(ChatTypes.Direct, ChatTypes.Group, ChatTypes.Channel, ChatTypes.Room, ChatTypes.Saved)]
    public required string Type { get; init; }

    /// <summary>Of a direct chat the other's name, to me.</summary>
    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string? AvatarUrl { get; init; }

    public required bool Public { get; init; }

    public required UserId CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required int MemberCount { get; init; }

    /// <summary>What members may do beyond reading.</summary>
    public required ChatPermissions Permissions { get; init; }

    public required long LastSeq { get; init; }

    public required long Rev { get; init; }

    /// <summary>Absent for those who are no members.</summary>
    [OneOf(ChatRoles.Owner, ChatRoles.Admin, ChatRoles.Member, ChatRoles.Subscriber)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MyRole { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ReadSeq { get; init; }

    /// <summary>The other one of a direct chat.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public User? Peer { get; init; }
}

/// <summary>What a chat's plain members may do. Absent parts of a change stay as they are.</summary>
public sealed record ChatPermissions
{
    public bool? Send { get; init; }

    public bool? Invite { get; init; }

    public bool? Pin { get; init; }

    public bool? EditInfo { get; init; }

    /// <summary>Whether who joins later sees what was written before.</summary>
    public bool? History { get; init; }
}

/// <summary>A chat in my list, with what waits for me there.</summary>
public sealed record ChatSummary : Chat
{
    public required Message? LastMessage { get; init; }

    public required long Unread { get; init; }

    public required long Mentions { get; init; }

    public required bool Pinned { get; init; }

    public required bool Muted { get; init; }

    public required DateTimeOffset? MutedUntil { get; init; }

    public required bool Archived { get; init; }

    public required string? Draft { get; init; }
}

public sealed record ChatMember
{
    public required User User { get; init; }

    [OneOf(ChatRoles.Owner, ChatRoles.Admin, ChatRoles.Member, ChatRoles.Subscriber)]
    public required string Role { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }
}

/// <summary>My own settings of a chat, the same on all my devices.</summary>
public sealed record ChatSettings
{
    public required ChatId ChatId { get; init; }

    public required DateTimeOffset? MutedUntil { get; init; }

    public required bool Pinned { get; init; }

    public required bool Archived { get; init; }

    public required string? Draft { get; init; }
}

/// <summary>Where I have read to, and what is left.</summary>
public sealed record ReadMark
{
    public required ChatId ChatId { get; init; }

    public required long ReadSeq { get; init; }

    public required long Unread { get; init; }

    public required long Mentions { get; init; }
}

public sealed record ChatInvite
{
    public required string Token { get; init; }

    public required string Url { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required int? MaxUses { get; init; }

    public required int Uses { get; init; }

    public required UserId CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What an invitation tells whoever holds it, before they come in.</summary>
public sealed record InvitedChat
{
    [OneOf(ChatTypes.Group, ChatTypes.Channel, ChatTypes.Room)]
    public required string Type { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required int MemberCount { get; init; }
}

/// <summary>Somebody who may not come back.</summary>
public sealed record ChatBan
{
    public required User User { get; init; }

    public required UserId BannedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
