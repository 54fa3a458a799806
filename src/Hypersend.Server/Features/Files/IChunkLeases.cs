using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Which of several servers writes a chunk, where all of them write into one file. Until when it is theirs is said by the clock of the
/// database, which is the same for all.
/// </summary>
internal interface IChunkLeases
{
    /// <summary>False where the claim in memory is enough: every attempt has a place of its own, or there is only one server.</summary>
    bool AreNeeded { get; }

    /// <summary>Takes what nobody has; asks for what somebody else has, who will see it when they renew.</summary>
    Task<LeaseAnswer> TakeAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation);

    /// <summary>False when somebody else has it by now, or asks for it.</summary>
    Task<bool> RenewAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation);

    /// <summary>
    /// Keeps it for what is left to do there, also when somebody asks for it; false when somebody else has it by now, who may be writing
    /// in that place.
    /// </summary>
    Task<bool> KeepAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation);

    /// <summary>Gives it back; nothing happens when it is somebody else's by now.</summary>
    Task EndAsync(FileId file, int chunk, Guid holder, CancellationToken cancellation);
}

/// <summary>What came of asking for a lease.</summary>
internal enum LeaseAnswer
{
    Taken,

    /// <summary>The holder has been told that it is wanted.</summary>
    HeldByAnother,

    /// <summary>The chunk has its row: nobody writes it any more.</summary>
    Written,
}

/// <summary>Where nobody else could write.</summary>
internal sealed class NoChunkLeases : IChunkLeases
{
    public bool AreNeeded => false;

    public Task<LeaseAnswer> TakeAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation) => Task.FromResult(LeaseAnswer.Taken);

    public Task<bool> RenewAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation) => Task.FromResult(true);

    public Task<bool> KeepAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation) => Task.FromResult(true);

    public Task EndAsync(FileId file, int chunk, Guid holder, CancellationToken cancellation) => Task.CompletedTask;
}
