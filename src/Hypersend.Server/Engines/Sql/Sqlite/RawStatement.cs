using System.Text;
using Hypersend.Contracts.Ids;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>
/// A statement of the hot path, compiled once for its connection and driven without the layers above: binding and
/// stepping cost about a tenth of what a command object costs.
/// </summary>
internal sealed class RawStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _next;

    public RawStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>The row it stands on, good until the next step.</summary>
    public SqliteRow Row => new(_statement);

    public RawStatement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_next, value));
        return this;
    }

    public RawStatement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    public RawStatement Bind(DateTimeOffset? value) => Bind(value?.ToUnixTimeMilliseconds());

    public RawStatement Bind(string? value)
    {
        if (value is null)
            return BindNull();
        if (value.Length == 0)
        {
            // No bytes are a null pointer, which SQLite takes for NULL.
            Check(raw.sqlite3_bind_text(_statement, ++_next, ""));
            return this;
        }

        const int OnStack = 512;
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> bytes = most <= OnStack ? stackalloc byte[OnStack] : new byte[most];
        Check(raw.sqlite3_bind_text(_statement, ++_next, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
        return this;
    }

    public RawStatement Bind(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        Check(raw.sqlite3_bind_blob(_statement, ++_next, bytes));
        return this;
    }

    public RawStatement Bind(ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, ++_next, value));
        return this;
    }

    public RawStatement Bind(UserId? value) => value is { } id ? Bind(id.Value) : BindNull();

    /// <summary>Whether there is a row to read; after the last one the statement is ready for the next use.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        Reset();
        if (code != raw.SQLITE_DONE)
            Check(code);
        return false;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Run()
    {
        while (Step())
        {
            // Rows of a RETURNING nobody asked for.
        }
    }

    /// <summary>Leaves the rest of the rows.</summary>
    public void Reset()
    {
        raw.sqlite3_reset(_statement);
        _next = 0;
    }

    public void Dispose() => _statement.Dispose();

    private RawStatement BindNull()
    {
        Check(raw.sqlite3_bind_null(_statement, ++_next));
        return this;
    }

    private void Check(int code)
    {
        if (code == raw.SQLITE_OK)
            return;
        _next = 0;
        throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), code & 0xff, code);
    }
}
