using System.Text.Json.Serialization;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Users;

namespace Hypersend.Contracts.Realtime;

/// <summary>message, message.updated, message.deleted.</summary>
public sealed record MessageEvent
{
    public required string Type { get; init; }

    public required ChatId ChatId { get; init; }

    public required long Rev { get; init; }

    public required Message Message { get; init; }

    /// <summary>The one reaction that made the change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReactionChange? Reaction { get; init; }
}

public sealed record ReactionChange
{
    public required UserId UserId { get; init; }

    public required string Emoji { get; init; }

    public required bool On { get; init; }
}

/// <summary>chat.created (to one person, with their own view), chat.updated, chat.removed (without the chat).</summary>
public sealed record ChatEventFrame
{
    public required string Type { get; init; }

    public required ChatId ChatId { get; init; }

    public required long Rev { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Chat? Chat { get; init; }
}

/// <summary>member.joined, member.updated, member.left.</summary>
public sealed record MemberEvent
{
    public required string Type { get; init; }

    public required ChatId ChatId { get; init; }

    public required long Rev { get; init; }

    public required Person User { get; init; }

    public required UserId UserId { get; init; }

    public required string Role { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    public required int MemberCount { get; init; }
}

/// <summary>read and delivered: how far somebody is.</summary>
public sealed record MarkEvent
{
    public required string Type { get; init; }

    public required ChatId ChatId { get; init; }

    public required UserId UserId { get; init; }

    public required long Seq { get; init; }

    /// <summary>To my own devices only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Unread { get; init; }

    /// <summary>To my own devices only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Mentions { get; init; }
}

public sealed record TypingEvent
{
    public string Type { get; init; } = EventTypes.Typing;

    public required ChatId ChatId { get; init; }

    public required UserId UserId { get; init; }

    public required bool On { get; init; }
}

/// <summary>How somebody I watch is now, or I am myself on another device.</summary>
public sealed record PresenceEvent
{
    public string Type { get; init; } = EventTypes.Presence;

    public required UserId UserId { get; init; }

    /// <summary>One of the words of a person's <c>presence</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The same word once more, as people's profiles have it.</summary>
    public required string Presence { get; init; }

    /// <summary>Null when it is not mine to see any more.</summary>
    public required DateTimeOffset? LastSeen { get; init; }
}

/// <summary>My settings changed on one of my devices; these are all of them.</summary>
public sealed record SettingsUpdatedEvent
{
    public string Type { get; init; } = EventTypes.SettingsUpdated;

    public required UserSettings Settings { get; init; }
}

public sealed record ChatSettingsEvent
{
    public string Type { get; init; } = EventTypes.ChatSettings;

    public required ChatId ChatId { get; init; }

    public required DateTimeOffset? MutedUntil { get; init; }

    public required bool Pinned { get; init; }

    public required bool Archived { get; init; }

    public required string? Draft { get; init; }
}

public sealed record UserUpdatedEvent
{
    public string Type { get; init; } = EventTypes.UserUpdated;

    public required UserId UserId { get; init; }

    public required Person User { get; init; }
}

/// <summary>file.progress, file.ready, file.failed, file.removed: how far a file of the chat is.</summary>
public sealed record FileEvent
{
    public required string Type { get; init; }

    public required ChatId ChatId { get; init; }

    public required FileId FileId { get; init; }

    public required string State { get; init; }

    public required long Received { get; init; }

    public required long? Size { get; init; }
}
