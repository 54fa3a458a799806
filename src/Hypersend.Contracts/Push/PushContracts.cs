using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Push;

/// <summary>The server's public key, which the browser wants as applicationServerKey: 65 bytes in base64url.</summary>
public sealed record PushKey
{
    public required string PublicKey { get; init; }
}

/// <summary>What <c>PushSubscription.toJSON()</c> gives in a browser, as it is.</summary>
public sealed record SubscribeRequest
{
    /// <summary>Where the browser's push service takes messages for it: https, on the open internet.</summary>
    [Needed]
    [Text(1, 1024)]
    public string? Endpoint { get; init; }

    [Needed]
    public SubscribeKeys? Keys { get; init; }
}

public sealed record SubscribeKeys
{
    /// <summary>The browser's public key on P-256, an uncompressed point in base64url.</summary>
    [Needed]
    [Text(1, 200)]
    public string? P256dh { get; init; }

    /// <summary>16 bytes in base64url.</summary>
    [Needed]
    [Text(1, 200)]
    public string? Auth { get; init; }
}

/// <summary>A device of mine that is told while it is closed. It lives as long as the session that made it.</summary>
public sealed record PushDevice
{
    public required SubscriptionId Id { get; init; }

    public required SessionId SessionId { get; init; }

    /// <summary>It is the device that asks.</summary>
    public required bool Current { get; init; }

    /// <summary>The push service's host; the rest of its address is a secret.</summary>
    public required string Service { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the push service last took something for it.</summary>
    public required DateTimeOffset? ReachedAt { get; init; }

    /// <summary>When the last try failed; null when none did since it was last reached.</summary>
    public required DateTimeOffset? FailedAt { get; init; }

    /// <summary>Why: a status of the push service, <c>timeout</c>, <c>unreachable</c> or <c>private_address</c>.</summary>
    public required string? Failure { get; init; }
}

/// <summary>How many devices are being sent a test; what came of it stands in the list of devices.</summary>
public sealed record PushTest
{
    public required int Devices { get; init; }
}

/// <summary>What the service worker finds in a push. Words of the app are its own: it gets kinds, not sentences.</summary>
public sealed record PushNotice
{
    public int V { get; init; } = 1;

    /// <summary><c>message</c>, <c>mention</c>, <c>reply</c>, <c>clear</c> or <c>test</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Notifications of one chat replace each other: it is their tag.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatId? ChatId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ChatType { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageId? MessageId { get; init; }

    /// <summary>Of the newest message it tells of; in <c>clear</c>, what was read: close what shows this or less.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seq { get; init; }

    /// <summary>The person wants no more shown than that something came: no title, sender, body or icon is here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Hidden { get; init; }

    /// <summary>The chat's name, or in a direct chat the other one's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    /// <summary>Who wrote it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sender { get; init; }

    /// <summary>The beginning of the text; absent when there is none, or when it destroys itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; init; }

    /// <summary>The message's type: text, image, video, audio, voice, document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }

    /// <summary>How many files it carries.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Files { get; init; }

    /// <summary>The sender's picture, an address on this server.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Icon { get; init; }

    /// <summary>How many messages wait in the chat.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Unread { get; init; }

    /// <summary>How many wait in all chats that are neither muted nor archived: the number on the app's icon.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Badge { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Silent { get; init; }

    /// <summary>The language the person chose in the app; absent for the browser's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Language { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }
}

public static class PushKinds
{
    public const string Message = "message";
    public const string Mention = "mention";
    public const string Reply = "reply";
    public const string Clear = "clear";
    public const string Test = "test";
}
