using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Where it is kept who sends what to whom.</summary>
internal interface ITransferStore
{
    /// <summary>Null when it is taken in; otherwise the code of the refusal.</summary>
    Task<string?> AddAsync(NewTransfer transfer, CancellationToken cancellation);

    /// <summary>Null when there is none, or the person is not one of its two.</summary>
    Task<TransferRow?> FindAsync(TransferId id, UserId party, CancellationToken cancellation);

    /// <summary>The state, whoever asks; null when there is none.</summary>
    Task<string?> FindStateAsync(TransferId id, CancellationToken cancellation);

    /// <summary>Moves it from one state to another; false when it was not in the first. An end gets its time.</summary>
    Task<bool> MoveAsync(TransferId id, string from, string to, DateTimeOffset? endedAt, CancellationToken cancellation);

    /// <summary>From now on it has a stored file, and stays open as long as that may take; false when it is over.</summary>
    Task<bool> AttachAsync(TransferId id, FileId file, DateTimeOffset expiresAt, CancellationToken cancellation);

    /// <summary>Transfers of the person, the newest first.</summary>
    Task<IReadOnlyList<TransferRow>> ListAsync(UserId party, TransferId? before, int limit, CancellationToken cancellation);

    /// <summary>Whether one may say something to the other over it: it is open, it is theirs, and neither blocks the other.</summary>
    Task<bool> MaySignalAsync(TransferId id, UserId from, UserId to, CancellationToken cancellation);

    /// <summary>Those among them that are over, or are not there.</summary>
    Task<IReadOnlyList<TransferId>> EndedAmongAsync(IReadOnlyCollection<TransferId> ids, CancellationToken cancellation);

    /// <summary>
    /// Where its relay is, as a node's address: there already, or from now on at this one, when nobody has it, or who had it is
    /// silent or has let its time go by. Null when the transfer is over.
    /// </summary>
    Task<string?> ClaimAsync(TransferId id, RelayClaim claim, CancellationToken cancellation);

    /// <summary>The relays among them that are this node's stay so until then.</summary>
    Task RenewAsync(IReadOnlyCollection<TransferId> ids, string node, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>Those among them whose relay is at another node.</summary>
    Task<IReadOnlyList<TransferId>> MovedAmongAsync(IReadOnlyCollection<TransferId> ids, string node, CancellationToken cancellation);

    /// <summary>Ends those whose time is over, and gives them.</summary>
    Task<IReadOnlyList<TransferRow>> ExpireAsync(DateTimeOffset now, int limit, CancellationToken cancellation);
}

internal sealed record NewTransfer
{
    public required TransferId Id { get; init; }

    public required UserId SenderId { get; init; }

    public required UserId ReceiverId { get; init; }

    public required string Filename { get; init; }

    public required long Size { get; init; }

    public required string Mime { get; init; }

    public required int ChunkSize { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A node would serve a relay until then; of who is silent it knows that nothing comes back from there.</summary>
internal sealed record RelayClaim(string Node, string? Silent, DateTimeOffset Now, DateTimeOffset Until);

/// <summary>A transfer as it is stored, with its two people.</summary>
internal sealed record TransferRow
{
    public TransferId Id { get; init; }

    public UserId SenderId { get; init; }

    public string SenderUsername { get; init; } = "";

    public string SenderName { get; init; } = "";

    public string? SenderAvatar { get; init; }

    public UserId ReceiverId { get; init; }

    public string ReceiverUsername { get; init; } = "";

    public string ReceiverName { get; init; } = "";

    public string? ReceiverAvatar { get; init; }

    public string Filename { get; init; } = "";

    public long Size { get; init; }

    public string Mime { get; init; } = "";

    public int ChunkSize { get; init; }

    public string State { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The stored file, as long as that has not ended.</summary>
    public FileId? FileId { get; init; }

    public int TotalChunks => (int)((Size + ChunkSize - 1) / ChunkSize);

    public bool IsOpen => State is TransferStates.Offered or TransferStates.Accepted;
}
