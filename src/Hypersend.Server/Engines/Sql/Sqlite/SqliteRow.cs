using System.Text;
using SQLitePCL;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>
/// The columns of the row on which a statement stands. The driver makes three calls for a value, each of which counts the statement's
/// references up and down and announces itself to the collector; these say nothing to anybody. They only look at memory, which is
/// why they may; the caller keeps the statement alive, and on its row.
/// </summary>
internal readonly unsafe struct SqliteRow(sqlite3_stmt statement)
{
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> TypeOf =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)SqliteLibrary.AddressOf("sqlite3_column_type");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long> IntegerOf =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long>)SqliteLibrary.AddressOf("sqlite3_column_int64");

    // Of a text as well: the database is in UTF-8, and nothing need be put behind its end.
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*> BytesOf =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*>)SqliteLibrary.AddressOf("sqlite3_column_blob");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> LengthOf =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)SqliteLibrary.AddressOf("sqlite3_column_bytes");

    private readonly nint _statement = statement.DangerousGetHandle();

    public bool IsNull(int column) => TypeOf(_statement, column) == raw.SQLITE_NULL;

    public long Integer(int column) => IntegerOf(_statement, column);

    public long? IntegerOrNull(int column) => IsNull(column) ? null : Integer(column);

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(Integer(column));

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public Guid Guid(int column) => new(Bytes(column), bigEndian: true);

    /// <summary>Good until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        // First where, then how much: that is the order in which SQLite promises both of the same value.
        var first = BytesOf(_statement, column);
        return new ReadOnlySpan<byte>(first, LengthOf(_statement, column));
    }
}
