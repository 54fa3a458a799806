using Hypersend.Server.Platform.Problems;
using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>Tells a broken disk or a full one from a bug in our SQL.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int IoError = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    public static Exception Translate(Exception exception) => exception is not SqliteException sqlite
        ? exception
        : sqlite.SqliteErrorCode switch
        {
            Full => new StorageFullException(sqlite),
            Busy or Locked or IoError or CannotOpen => new EngineUnavailableException("database", sqlite),
            _ => exception,
        };
}
