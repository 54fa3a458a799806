namespace Hypersend.Server.Platform.Turns;

/// <summary>Which of several servers has its turn, and until when, by the clock of the database.</summary>
internal interface ITurnLedger
{
    /// <summary>Takes a turn that nobody has, or keeps one's own; false when it is somebody else's.</summary>
    Task<bool> TakeAsync(string name, Guid holder, TimeSpan length, CancellationToken cancellation);

    /// <summary>Gives it back before its time.</summary>
    Task EndAsync(string name, Guid holder, CancellationToken cancellation);
}

/// <summary>Where there is one server only, every turn is its own.</summary>
internal sealed class LonelyLedger : ITurnLedger
{
    public Task<bool> TakeAsync(string name, Guid holder, TimeSpan length, CancellationToken cancellation) => Task.FromResult(true);

    public Task EndAsync(string name, Guid holder, CancellationToken cancellation) => Task.CompletedTask;
}
