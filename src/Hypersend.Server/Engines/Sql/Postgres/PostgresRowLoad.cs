using Hypersend.Server.Engines.Sql.Shared;
using Npgsql;
using NpgsqlTypes;

namespace Hypersend.Server.Engines.Sql.Postgres;

/// <summary>COPY, in its binary form.</summary>
internal sealed class PostgresRowLoad(NpgsqlBinaryImporter copy) : RowLoad
{
    public override void BeginRow() => copy.StartRow();

    public override void Null() => copy.WriteNull();

    public override void Integer(long value) => copy.Write(value, NpgsqlDbType.Bigint);

    public override void Boolean(bool value) => copy.Write(value, NpgsqlDbType.Boolean);

    // PostgreSQL has no way to keep this one character; SQLite has.
    public override void Text(string value) => copy.Write(value.Contains('\0') ? value.Replace('\0', '\uFFFD') : value, NpgsqlDbType.Text);

    public override void Bytes(byte[] value) => copy.Write(value, NpgsqlDbType.Bytea);

    public override void Id(Guid value) => copy.Write(value, NpgsqlDbType.Uuid);

    public override void EndRow()
    {
    }

    public override void Complete() => copy.Complete();

    public override void Dispose() => copy.Dispose();
}
