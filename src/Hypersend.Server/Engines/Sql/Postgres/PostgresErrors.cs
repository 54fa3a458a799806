using System.Net.Sockets;
using Hypersend.Server.Platform.Problems;
using Npgsql;

namespace Hypersend.Server.Engines.Sql.Postgres;

/// <summary>Tells a database that is away, full or at odds with a neighbour from a bug in our SQL.</summary>
internal static class PostgresErrors
{
    public static bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    public static Exception Translate(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new StorageFullException(exception),
        _ when IsConflict(exception) => new EngineUnavailableException("database", exception),
        PostgresException postgres when IsAway(postgres.SqlState) => new EngineUnavailableException("database", exception),
        PostgresException => exception,
        NpgsqlException or SocketException or TimeoutException => new EngineUnavailableException("database", exception),
        _ => exception,
    };

    // Classes 08 (connection), 53 (resources) and 57P (shutdown, starting up).
    private static bool IsAway(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) ||
        state.StartsWith("53", StringComparison.Ordinal) ||
        state.StartsWith("57P", StringComparison.Ordinal);
}
