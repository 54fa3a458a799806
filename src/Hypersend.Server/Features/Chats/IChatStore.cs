using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>Where chats are kept. Every call asks as somebody: what they may not see is not there for them.</summary>
internal interface IChatStore
{
    /// <summary>The chat of these two; there is only one, whoever opens it first. Comes back to the actor's list when it was hidden.</summary>
    Task<Result<OpenedChat>> OpenDirectAsync(UserId actor, UserId other, ChatId newId, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<Changed<ChatSeen>>> CreateAsync(NewChat chat, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Null when there is none, or when it is not for the viewer to know.</summary>
    Task<ChatSeen?> FindAsync(ChatId id, UserId viewer, CancellationToken cancellation);

    /// <summary>The kind of a chat; null when there is no such chat.</summary>
    Task<string?> FindTypeAsync(ChatId id, CancellationToken cancellation);

    /// <summary>The viewer's chats, the newest activity first.</summary>
    Task<IReadOnlyList<SummarySeen>> ListAsync(UserId viewer, ListWish wish, CancellationToken cancellation);

    /// <summary>Chats that anybody may see, the newest first, with a word beginning with each of these.</summary>
    Task<IReadOnlyList<ChatRow>> DiscoverAsync(UserId viewer, DiscoverWish wish, CancellationToken cancellation);

    /// <summary>The numbers of all chats the person is in.</summary>
    Task<IReadOnlyList<long>> NumbersOfAsync(UserId user, CancellationToken cancellation);

    Task<Result<Changed<ChatSeen>>> EditAsync(UserId actor, ChatId id, ChatEdit edit, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ends the chat: from here on it is not there. What was in it is for <see cref="SweepAsync"/> to take away.</summary>
    Task<Result<Changed<Done>>> DeleteAsync(UserId actor, ChatId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>One small step of taking away what was in deleted chats; null when there is nothing left.</summary>
    Task<SweptChat?> SweepAsync(DateTimeOffset now, CancellationToken cancellation);

    Task<Result<ChatSettings>> ChangeSettingsAsync(UserId user, ChatId id, SettingsChange change, CancellationToken cancellation);
}

internal sealed record NewChat
{
    public required ChatId Id { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public bool Public { get; init; }

    public required MemberRights MembersMay { get; init; }

    public required UserId Creator { get; init; }

    /// <summary>The others.</summary>
    public IReadOnlyCollection<UserId> Members { get; init; } = [];
}

/// <summary>A direct chat, whether it is new, and whether it was hidden from the one who opened it.</summary>
internal sealed record OpenedChat(ChatSeen Chat, bool IsNew, bool WasHidden, ChatChange? Change);

/// <summary>Which of my chats: of one type or of all, after the last one of the page before.</summary>
internal sealed record ListWish(string? Type, ActivityMark? After, int Limit);

/// <summary>A place in the list by activity.</summary>
internal readonly record struct ActivityMark(DateTimeOffset At, long No);

internal sealed record DiscoverWish(string? Type, IReadOnlyList<string> Words, long? BeforeNo, int Limit);

/// <summary>What changes of a chat; null stays as it is.</summary>
internal sealed record ChatEdit
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public bool? Public { get; init; }

    public ChatPermissions? Permissions { get; init; }
}

/// <summary>Members who were told nothing yet, when the step ended memberships.</summary>
internal sealed record SweptChat(long No, ChatChange? Change);

/// <summary>What changes of one's own settings of a chat.</summary>
internal sealed record SettingsChange
{
    public Optional<DateTimeOffset?> MutedUntil { get; init; }

    public bool? Pinned { get; init; }

    public bool? Archived { get; init; }

    public Optional<string?> Draft { get; init; }
}
