using System.Text.Json;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Users;

namespace Hypersend.Sdk.Realtime;

/// <summary>Something that has just become part of the state, or passes without leaving a trace in it.</summary>
public abstract record LiveEvent;

/// <summary>How the connection is now.</summary>
public sealed record StatusChanged(LiveStatus Status) : LiveEvent;

/// <summary>The server's database is another one: everything that was known is gone, the outbox excepted.</summary>
public sealed record StartedAfresh : LiveEvent;

/// <summary>A chat is there that was not.</summary>
public sealed record ChatAdded(ChatId Chat) : LiveEvent;

/// <summary>A chat, its members, or what is mine of it changed.</summary>
public sealed record ChatChanged(ChatId Chat) : LiveEvent;

/// <summary>Too much happened: the chat's messages were dropped and start again with the newest.</summary>
public sealed record ChatReset(ChatId Chat) : LiveEvent;

/// <summary>I am not in this chat any more.</summary>
public sealed record ChatGone(ChatId Chat) : LiveEvent;

/// <summary>A message is new to me (<paramref name="Before"/> is null), was edited, reacted to, pinned or deleted.</summary>
public sealed record MessageChanged(ChatId Chat, Message Message, Message? Before) : LiveEvent;

/// <summary>Somebody writes, or stops.</summary>
public sealed record Typing(ChatId Chat, UserId User, bool On) : LiveEvent;

/// <summary>Somebody I watch is another way now (see <see cref="Presences"/>), or I am myself on another device of mine.</summary>
public sealed record PresenceChanged(UserId User, string Status, DateTimeOffset? LastSeen) : LiveEvent;

/// <summary>My settings, changed on one of my devices.</summary>
public sealed record SettingsChanged(UserSettings Settings) : LiveEvent;

/// <summary>Somebody's name or picture changed.</summary>
public sealed record PersonChanged(Person Person) : LiveEvent;

/// <summary>A message of mine was taken on, was stored, failed, or was discarded.</summary>
public sealed record OutboxChanged(OutgoingMessage Message) : LiveEvent;

/// <summary>What the other party's client of an open transfer says to mine.</summary>
public sealed record SignalHeard(UserId From, TransferId Transfer, JsonElement Data) : LiveEvent;

/// <summary>An event of a type this client does not know, as it came.</summary>
public sealed record UnknownEvent(string Type, JsonElement Frame) : LiveEvent;

/// <summary>The reader was too slow and events were dropped: look at the state.</summary>
public sealed record EventsMissed : LiveEvent;
