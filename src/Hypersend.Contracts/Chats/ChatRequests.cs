using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Chats;

public sealed record CreateChatRequest
{
    /// <summary>The views /groups, /channels and /rooms set it themselves.</summary>
    [OneOf(ChatTypes.Direct, ChatTypes.Group, ChatTypes.Channel, ChatTypes.Room, ChatTypes.Saved)]
    public string? Type { get; init; }

    [Text(1, 100)]
    public string? Name { get; init; }

    [Text(0, 1000)]
    public string? Description { get; init; }

    /// <summary>Of a direct chat exactly one: the other.</summary>
    [MaxLength(200, ErrorMessage = "must have at most 200 entries; add the others afterwards")]
    public IReadOnlyList<UserId>? MemberIds { get; init; }

    /// <summary>A public channel is found and joined without an invitation; rooms are always public.</summary>
    public bool? Public { get; init; }

    public ChatPermissions? Permissions { get; init; }
}

/// <summary>Absent fields stay as they are.</summary>
public sealed record UpdateChatRequest
{
    [Text(1, 100)]
    public string? Name { get; init; }

    [Text(0, 1000)]
    public string? Description { get; init; }

    public bool? Public { get; init; }

    public ChatPermissions? Permissions { get; init; }
}

public sealed record AddMembersRequest
{
    [Needed]
    [MinLength(1, ErrorMessage = "must name somebody")]
    [MaxLength(200, ErrorMessage = "must have at most 200 entries; add the others afterwards")]
    public IReadOnlyList<UserId>? UserIds { get; init; }
}

public sealed record ChangeRoleRequest
{
    [Needed]
    [OneOf(ChatRoles.Owner, ChatRoles.Admin, ChatRoles.Member, ChatRoles.Subscriber)]
    public string? Role { get; init; }
}

public sealed record CreateChatInviteRequest
{
    [Range(1, 100_000, ErrorMessage = "must be 1 to 100000")]
    public int? MaxUses { get; init; }

    /// <summary>In seconds; absent for one that does not expire.</summary>
    [Range(1, 31_536_000, ErrorMessage = "must be a second to a year, in seconds")]
    public long? ExpiresIn { get; init; }
}

public sealed record JoinChatRequest
{
    [Needed]
    [Text(1, 200)]
    public string? Token { get; init; }
}

public sealed record MarkReadRequest
{
    [Needed]
    public long? Seq { get; init; }
}

/// <summary>Absent fields stay as they are; null for <c>muted_until</c> and <c>draft</c> clears them.</summary>
public sealed record ChatSettingsRequest
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<DateTimeOffset?>))]
    public Optional<DateTimeOffset?> MutedUntil { get; init; }

    public bool? Pinned { get; init; }

    public bool? Archived { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<string?>))]
    public Optional<string?> Draft { get; init; }
}
