namespace Hypersend.Server.Features.Search;

/// <summary>
/// Where the terms of messages are kept, with the rev up to which each chat was read: both change in one commit, so that a
/// crash repeats and never skips. It can be lost at any time and is made anew from the messages.
/// </summary>
internal interface ISearchIndex
{
    /// <summary>Opens it for this identity; what was made for another one is emptied first. False when it was empty.</summary>
    Task<bool> OpenAsync(string identity, CancellationToken cancellation);

    /// <summary>The rev up to which each chat was read.</summary>
    Task<IReadOnlyDictionary<long, long>> RevsAsync(CancellationToken cancellation);

    /// <summary>Puts messages in, changes and removes them; false when somebody else has read on in one of the chats.</summary>
    Task<bool> ApplyAsync(IReadOnlyList<IndexedMessage> messages, IReadOnlyList<ReadOn> chats, CancellationToken cancellation);

    /// <summary>A chat is gone: nothing is known of it any more.</summary>
    Task ForgetAsync(long chatNo, CancellationToken cancellation);

    /// <summary>One step of what can be done beside everything else; false when there is nothing to do.</summary>
    Task<bool> TidyAsync(CancellationToken cancellation);

    Task ClearAsync(CancellationToken cancellation);

    /// <summary>Messages that may be meant, the newest first.</summary>
    Task<Finds> FindAsync(IndexWish wish, CancellationToken cancellation);

    /// <summary>How many bytes it takes.</summary>
    Task<long> SizeAsync(CancellationToken cancellation);

    /// <summary>What is kept cannot be read any more: it has to be made anew.</summary>
    bool IsDamaged { get; }

    /// <summary>For one who got this exception out of it, and cannot know what it says of the index.</summary>
    void NoteDamage(Exception exception);
}

/// <summary>A message with its terms, in any order; without them it goes. <paramref name="At"/> are the milliseconds of its time.</summary>
internal sealed record IndexedMessage(long Key, long At, int[]? Terms);

/// <summary>A chat was read from one rev to another.</summary>
internal readonly record struct ReadOn(long ChatNo, long From, long To);

/// <summary>What to look for: every one of the terms, and one of each group, in these chats and this time.</summary>
internal sealed record IndexWish
{
    public required IReadOnlySet<long> Chats { get; init; }

    public required IReadOnlyCollection<int> All { get; init; }

    public IReadOnlyList<IReadOnlyCollection<int>> OneOf { get; init; } = [];

    public long From { get; init; }

    public long To { get; init; } = long.MaxValue;

    /// <summary>Only what comes after this place.</summary>
    public FindPlace? After { get; init; }

    public required int Limit { get; init; }

    /// <summary>After this time it says how far it looked.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.MaxValue;
}

/// <summary>A place in the order of an index; what the numbers mean is the index's own.</summary>
internal readonly record struct FindPlace(long Time, long Number);

internal readonly record struct Find(long Key, FindPlace Place);

/// <summary>What was found; <paramref name="Reached"/> is how far it looked when there may be more, and null at the end.</summary>
internal sealed record Finds(IReadOnlyList<Find> Items, FindPlace? Reached);
