using System.Net.Sockets;
using Hypersend.Server.Platform.Problems;
using Npgsql;

namespace Hypersend.Server.Engines.Sql.Postgres;

/// <summary>Tells a database that is away, full or at odds with a neighbour from a bug in our SQL.</summary>
internal static class PostgresErrors
{
    // idle_in_transaction_session_timeout, which Npgsql has no name for.
    private const string LeftAlone = "25P03";

    private static bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>
    /// The work may run again and read afresh. A row that a neighbour made since it was looked for is such a case: the
    /// second run finds it and refuses by its own rule.
    /// </summary>
    public static bool IsWorthAnotherRun(Exception exception) =>
        IsConflict(exception) || exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public static Exception Translate(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new StorageFullException(exception),
        _ when IsConflict(exception) => new EngineUnavailableException("database", exception),
        PostgresException postgres when IsAway(postgres.SqlState) => new EngineUnavailableException("database", exception),
        PostgresException => exception,
        NpgsqlException or SocketException or TimeoutException => new EngineUnavailableException("database", exception),
        _ => exception,
    };

    // Classes 08 (connection), 53 (resources) and 57P (shutdown, starting up), and a transaction that this end left alone for too long.
    private static bool IsAway(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) ||
        state.StartsWith("53", StringComparison.Ordinal) ||
        state.StartsWith("57P", StringComparison.Ordinal) ||
        state == LeftAlone;
}
