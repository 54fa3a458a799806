using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>One statement, stepped once a row.</summary>
internal sealed class SqliteRowLoad(RawStatement insert) : RowLoad
{
    public override void BeginRow()
    {
    }

    public override void Null() => insert.Bind((string?)null);

    public override void Integer(long value) => insert.Bind(value);

    public override void Boolean(bool value) => insert.Bind(value ? 1L : 0L);

    public override void Text(string value) => insert.Bind(value);

    public override void Bytes(byte[] value) => insert.Bind((ReadOnlySpan<byte>)value);

    public override void Id(Guid value) => insert.Bind(value);

    public override void EndRow() => insert.Run();

    public override void Complete()
    {
    }

    // The connection keeps the statement for the next part; what a broken row had bound is let go of.
    public override void Dispose() => insert.Reset();
}
