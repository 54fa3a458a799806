using System.Text.Json.Serialization;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Messages;

public static class MessageTypes
{
    public const string Text = "text";
    public const string Image = "image";
    public const string Video = "video";
    public const string Audio = "audio";
    public const string Voice = "voice";
    public const string Document = "document";
    public const string System = "system";
}

public static class SystemEvents
{
    public const string ChatCreated = "chat_created";
    public const string ChatRenamed = "chat_renamed";
    public const string UserJoined = "user_joined";
    public const string UserLeft = "user_left";
    public const string RoleChanged = "role_changed";
}

/// <summary>Who wrote: enough to show a name and a picture.</summary>
public sealed record Person
{
    public required UserId Id { get; init; }

    public required string Username { get; init; }

    public required string Name { get; init; }

    public required string? AvatarUrl { get; init; }
}

/// <summary>A message. In an event, which is the same for everybody, the parts about me are absent.</summary>
public record Message
{
    public required MessageId Id { get; init; }

    public required ChatId ChatId { get; init; }

    /// <summary>Its number in the chat, without gaps.</summary>
    public required long Seq { get; init; }

    /// <summary>The number of its last visible change; of two versions the one with the higher rev is newer.</summary>
    public required long Rev { get; init; }

    [OneOf(MessageTypes.Text, MessageTypes.Image, MessageTypes.Video, MessageTypes.Audio, MessageTypes.Voice, MessageTypes.Document, MessageTypes.System)]
    public required string Type { get; init; }

    public required Person Sender { get; init; }

    /// <summary>Null of a deleted message.</summary>
    public required string? Content { get; init; }

    public required string? ClientId { get; init; }

    public required MessageId? ReplyTo { get; init; }

    /// <summary>The message whose thread this one is in.</summary>
    public required MessageId? Thread { get; init; }

    public required int ThreadCount { get; init; }

    public required IReadOnlyList<SharedFile> Files { get; init; }

    public required IReadOnlyList<Reaction> Reactions { get; init; }

    public required IReadOnlyList<UserId> Mentions { get; init; }

    /// <summary>It is for everybody in the chat (<c>@all</c>).</summary>
    public required bool MentionsAll { get; init; }

    public required bool Pinned { get; init; }

    public required DateTimeOffset? EditedAt { get; init; }

    public required DateTimeOffset? DeletedAt { get; init; }

    /// <summary>None of its files ever came: it does not count as unread any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>When it destroys itself.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The message it was copied from, which may be in a chat that I do not see.</summary>
    public required MessageId? ForwardedFrom { get; init; }

    /// <summary>Who wrote that one.</summary>
    public required Person? ForwardedSender { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the first link in it leads to; comes a moment later, by message.updated, where the server makes previews.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LinkPreview? Preview { get; init; }

    /// <summary>What happened, when the type is system.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SystemNote? System { get; init; }

    /// <summary>Whether it is among my bookmarks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Bookmarked { get; init; }
}

/// <summary>A page behind a link, as the server found it. Nobody's browser asks that page for any of this.</summary>
public sealed record LinkPreview
{
    /// <summary>The link as it stands in the message.</summary>
    public required string Url { get; init; }

    public required string Title { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>The site's name, else its host.</summary>
    public required string Site { get; init; }

    /// <summary>A copy of the page's picture, on this server.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ImageUrl { get; init; }
}

public sealed record Reaction
{
    public required string Emoji { get; init; }

    public required int Count { get; init; }

    /// <summary>Whether I am among them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Me { get; init; }
}

/// <summary>What happened in the chat, for the client to put into words of its language.</summary>
public sealed record SystemNote
{
    [OneOf(SystemEvents.ChatCreated, SystemEvents.ChatRenamed, SystemEvents.UserJoined, SystemEvents.UserLeft, SystemEvents.RoleChanged)]
    public required string Event { get; init; }

    /// <summary>Whom it happened to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Person? User { get; init; }

    /// <summary>The new name of the chat.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }
}

/// <summary>A stretch of a chat's history, by ascending seq.</summary>
public sealed record MessagePage
{
    public required IReadOnlyList<Message> Items { get; init; }

    public required bool HasMoreBefore { get; init; }

    public required bool HasMoreAfter { get; init; }

    /// <summary>The chat's rev at the moment of reading: a cursor for the live socket.</summary>
    public required long Rev { get; init; }
}

/// <summary>A version of an edited message, the first one first; the last is the current one.</summary>
public sealed record MessageVersion
{
    public required string Content { get; init; }

    /// <summary>Since when it said this.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>How far a message has come with one member.</summary>
public sealed record Receipt
{
    public required Person User { get; init; }

    public required bool Delivered { get; init; }

    public required bool Read { get; init; }
}

/// <summary>A message that will be sent later.</summary>
public sealed record ScheduledMessage
{
    public required ScheduledId ScheduledId { get; init; }

    public required DateTimeOffset SendAt { get; init; }

    public required ChatId ChatId { get; init; }

    public required string Content { get; init; }

    public required MessageId? ReplyTo { get; init; }

    public required MessageId? Thread { get; init; }

    /// <summary>Why it could not be sent when its time came; null while it waits.</summary>
    public required string? FailedCode { get; init; }
}
