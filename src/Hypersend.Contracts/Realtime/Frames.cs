using System.Text.Json;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Users;

namespace Hypersend.Contracts.Realtime;

/// <summary>The words in <c>type</c> of what the server sends over the live socket.</summary>
public static class EventTypes
{
    public const string Welcome = "welcome";
    public const string Sync = "sync";
    public const string Synced = "synced";
    public const string Ack = "ack";
    public const string Error = "error";
    public const string Message = "message";
    public const string MessageUpdated = "message.updated";
    public const string MessageDeleted = "message.deleted";
    public const string ChatCreated = "chat.created";
    public const string ChatUpdated = "chat.updated";
    public const string ChatRemoved = "chat.removed";
    public const string MemberJoined = "member.joined";
    public const string MemberUpdated = "member.updated";
    public const string MemberLeft = "member.left";
    public const string Read = "read";
    public const string Delivered = "delivered";
    public const string Typing = "typing";
    public const string Presence = "presence";
    public const string SettingsUpdated = "settings.updated";
    public const string ChatSettings = "chat.settings";
    public const string UserUpdated = "user.updated";
    public const string FileProgress = "file.progress";
    public const string FileReady = "file.ready";
    public const string FileFailed = "file.failed";
    public const string FileRemoved = "file.removed";
    public const string TransferOffer = "transfer.offer";
    public const string TransferAccepted = "transfer.accepted";
    public const string TransferRejected = "transfer.rejected";
    public const string TransferStored = "transfer.stored";
    public const string TransferProgress = "transfer.progress";
    public const string TransferDone = "transfer.done";
    public const string TransferFailed = "transfer.failed";
    public const string Signal = "signal";
    public const string Resync = "resync";
    public const string Pong = "pong";
    public const string Heads = "heads";

    /// <summary>Nothing but a rev: what it stood for was changed again or needs no telling.</summary>
    public const string Passed = "passed";
}

/// <summary>The words in <c>type</c> of what a client sends.</summary>
public static class FrameTypes
{
    public const string Auth = "auth";
    public const string Hello = "hello";
    public const string MessageSend = "message.send";
    public const string MessageEdit = "message.edit";
    public const string MessageDelete = "message.delete";
    public const string React = "react";
    public const string Read = "read";
    public const string Delivered = "delivered";
    public const string Typing = "typing";
    public const string PresenceWatch = "presence.watch";
    public const string PresenceSet = "presence.set";
    public const string Signal = "signal";
    public const string Ping = "ping";
}

/// <summary>The close codes of the socket.</summary>
public static class CloseCodes
{
    public const int Restarting = 1012;
    public const int NotAuthenticated = 4401;
    public const int Forbidden = 4403;
    public const int Gone = 4404;
    public const int TooSlow = 4408;
    public const int TooBig = 4409;
    public const int TooFast = 4429;
}

/// <summary>The socket is open and live; <c>hello</c> adds what happened before.</summary>
public sealed record Welcome
{
    public string Type { get; init; } = EventTypes.Welcome;

    public required User User { get; init; }

    public required SessionId SessionId { get; init; }

    public required DateTimeOffset ServerTime { get; init; }

    public required int HeartbeatS { get; init; }

    /// <summary>Another one than the last time: cursors and cached messages mean nothing any more.</summary>
    public required string Epoch { get; init; }
}

/// <summary>What changed in one chat since my cursor.</summary>
public sealed record ChatSync
{
    public string Type { get; init; } = EventTypes.Sync;

    public required Chat Chat { get; init; }

    /// <summary>By ascending seq, each once, as it is now.</summary>
    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>Who wrote them.</summary>
    public required IReadOnlyList<Person> Users { get; init; }

    /// <summary>Of small chats, when they changed; those who left have <c>left</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SyncMember>? Members { get; init; }

    public required long Rev { get; init; }

    /// <summary>Too much changed: these are the newest messages, drop the others you keep.</summary>
    public required bool Reset { get; init; }
}

public sealed record SyncMember
{
    public required Person User { get; init; }

    public required string Role { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Left { get; init; }
}

/// <summary>The answer to <c>hello</c> is complete, and with it my own state of every chat it covered.</summary>
public sealed record Synced
{
    public string Type { get; init; } = EventTypes.Synced;

    public required IReadOnlyList<ChatState> Chats { get; init; }

    /// <summary>Chats of my cursors that I am not in any more.</summary>
    public required IReadOnlyList<ChatId> Removed { get; init; }

    /// <summary>False when more pieces follow.</summary>
    public required bool Last { get; init; }
}

public sealed record ChatState
{
    public required ChatId Id { get; init; }

    public required long Rev { get; init; }

    public required long ReadSeq { get; init; }

    public required long Unread { get; init; }

    public required long Mentions { get; init; }

    public required DateTimeOffset? MutedUntil { get; init; }

    public required bool Pinned { get; init; }

    public required bool Archived { get; init; }

    public required string? Draft { get; init; }

    /// <summary>How far the others are, in direct chats and those of up to 50 members.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, PeerMarks>? Peers { get; init; }
}

public sealed record PeerMarks
{
    public required long Read { get; init; }

    public required long Delivered { get; init; }
}

/// <summary>Events of the chats in the answer of the long poll, which are those of the socket.</summary>
public sealed record UpdatesAnswer
{
    public required IReadOnlyList<JsonElement> Events { get; init; }

    public required string Epoch { get; init; }

    /// <summary>Stands for my own state of every chat as this answer leaves it; the next poll brings it back.</summary>
    public string? State { get; init; }
}

public sealed record UpdatesRequest
{
    /// <summary>The rev I have of each chat.</summary>
    public IReadOnlyDictionary<string, long>? Cursors { get; init; }

    /// <summary>
    /// As the last answer gave it. When my own state of some chat is another meanwhile, the answer comes at once with
    /// <c>synced</c>. Without it only what has a rev does that.
    /// </summary>
    public string? State { get; init; }

    /// <summary>How long to wait for something, in seconds; at most 55.</summary>
    public int? Wait { get; init; }
}
