using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Auth.Passwords;

namespace Hypersend.Server.Platform.Problems;

/// <summary>What a caller is told of an engine that is away, full or overloaded, whichever door the call came through.</summary>
internal static class EngineFailures
{
    /// <summary>Null when the exception is a bug of ours.</summary>
    public static Failure? Of(Exception exception) => exception switch
    {
        EngineUnavailableException away => new Failure(ErrorCodes.Unavailable, away.Message),
        OutcomeUnknownException => new Failure(ErrorCodes.OutcomeUnknown),
        DamagedBytesException => new Failure(ErrorCodes.FileDamaged),
        StorageFullException => new Failure(ErrorCodes.StorageFull),
        QueueFullException or HashingBusyException => new Failure(ErrorCodes.Busy) { RetryAfter = TimeSpan.FromSeconds(1) },
        _ => null,
    };
}
