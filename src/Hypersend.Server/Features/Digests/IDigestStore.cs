using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Digests;

/// <summary>Who wants a mail of what waits, and what waits for them.</summary>
internal interface IDigestStore
{
    /// <summary>People whose turn it is: those that were put off last come last.</summary>
    Task<IReadOnlyList<UserId>> DueAsync(DigestTurn turn, int limit, CancellationToken cancellation);

    /// <summary>
    /// Looks through a person's chats and notes that it was done, both or neither: null when it is not their turn any more, as when
    /// another node came first. Chats that are muted or archived, or in which nothing happened since the last look, are left out.
    /// </summary>
    Task<Digest?> TakeAsync(UserId user, DigestTurn turn, CancellationToken cancellation);

    /// <summary>Nobody took the letter: it is as if nobody had looked, until it is tried again.</summary>
    Task PutOffAsync(Digest digest, DateTimeOffset againAt, CancellationToken cancellation);
}

/// <summary>Whose turn it is: who was last here before <paramref name="AwaySince"/> and not looked at since <paramref name="LookedSince"/>.</summary>
internal sealed record DigestTurn(DateTimeOffset AwaySince, DateTimeOffset LookedSince, DateTimeOffset Now);

/// <summary>What waits for one person.</summary>
internal sealed record Digest
{
    public required DigestPerson Person { get; init; }

    public required IReadOnlyList<DigestChat> Chats { get; init; }

    public required DateTimeOffset LookedBefore { get; init; }

    public required DateTimeOffset LookedAt { get; init; }
}

internal sealed record DigestPerson
{
    public UserId Id { get; init; }

    public string Username { get; init; } = "";

    public string Email { get; init; } = "";

    /// <summary>As they are stored.</summary>
    public string Settings { get; init; } = "{}";
}

/// <summary>A chat by its name, or the other one's, with what waits there.</summary>
internal sealed record DigestChat
{
    public string Name { get; init; } = "";

    public long Unread { get; init; }

    public long Mentions { get; init; }
}
