using System.Buffers;
using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hypersend.Server.Features.Backups;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>
/// Rows as lines of JSON: a line with the table and its columns, then an array a row. Ids are written as people see them, bytes in
/// base64, times as whole milliseconds.
/// </summary>
internal static class TableLines
{
    private const int PartBytes = 8 << 20;

    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Hands the rows out in parts; gives how many there were.</summary>
    public static long Write(SchemaTable table, DbDataReader rows, Action<TablePart> take)
    {
        var (number, total, inPart) = (0, 0L, 0L);
        var lines = Begin(table, out var writer);
        while (rows.Read())
        {
            writer.WriteStartArray();
            for (var at = 0; at < table.Columns.Count; at++)
                Write(writer, rows, at, table.Columns[at].Type);
            writer.WriteEndArray();
            EndLine(writer, lines);
            inPart++;
            if (lines.WrittenCount < PartBytes)
                continue;
            HandOut();
            lines = Begin(table, out writer);
        }

        // Also of an empty table: that there were no rows is something to know.
        if (inPart > 0 || number == 0)
            HandOut();
        writer.Dispose();
        return total;

        void HandOut()
        {
            take(new TablePart(table.Name, ++number, inPart, lines.WrittenMemory));
            total += inPart;
            inPart = 0;
            writer.Dispose();
        }
    }

    /// <summary>The table and its columns; the rows begin behind that line.</summary>
    public static (SchemaTable Table, ReadOnlyMemory<byte> Rows) ReadHead(ReadOnlyMemory<byte> lines, IReadOnlyList<SchemaTable> known)
    {
        var end = lines.Span.IndexOf((byte)'\n');
        if (end < 0)
            throw Damaged("a table");
        try
        {
            using var head = JsonDocument.Parse(lines[..end]);
            var name = head.RootElement.GetProperty("table").GetString();
            var table = known.FirstOrDefault(candidate => candidate.Name == name) ?? throw Damaged($"the table {name}");
            var columns = head.RootElement.GetProperty("columns").EnumerateArray().Select(column => column.GetString()).ToList();
            if (columns.Count == 0 || columns.Any(column => table.Columns.All(one => one.Name != column)))
                throw Damaged($"the table {name}");
            return (table with { Columns = [.. columns.Select(column => table.Columns.First(one => one.Name == column))] }, lines[(end + 1)..]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Damaged("a table");
        }
    }

    /// <summary>Puts the rows into the table; gives how many there were.</summary>
    public static long Load(SchemaTable table, ReadOnlySpan<byte> rows, RowLoad load, Func<string, bool> isLeftOut)
    {
        var types = table.Columns.Select(column => (column.Type, IsLeftOut: isLeftOut(column.Name))).ToArray();
        var count = 0L;
        try
        {
            for (; !rows.IsEmpty; count++)
            {
                var end = rows.IndexOf((byte)'\n');
                if (end < 0)
                    throw Damaged($"the table {table.Name}");
                Load(rows[..end], types, load, table.Name);
                rows = rows[(end + 1)..];
            }
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            throw new BackupRefusedException($"The table {table.Name} in this backup cannot be read: {exception.Message}", exception);
        }

        load.Complete();
        return count;
    }

    private static void Load(ReadOnlySpan<byte> line, (SchemaType Type, bool IsLeftOut)[] types, RowLoad load, string name)
    {
        var json = new Utf8JsonReader(line);
        json.Read();
        load.BeginRow();
        foreach (var (type, isLeftOut) in types)
        {
            json.Read();
            if (isLeftOut || json.TokenType == JsonTokenType.Null)
            {
                load.Null();
                continue;
            }

            switch (type)
            {
                case SchemaType.Integer:
                    load.Integer(json.GetInt64());
                    break;
                case SchemaType.Boolean:
                    load.Boolean(json.GetBoolean());
                    break;
                case SchemaType.Text:
                    load.Text(json.GetString()!);
                    break;
                case SchemaType.Bytes:
                    load.Bytes(json.GetBytesFromBase64());
                    break;
                case SchemaType.Id:
                    load.Id(json.GetGuid());
                    break;
            }
        }

        load.EndRow();
        if (!json.Read() || json.TokenType != JsonTokenType.EndArray)
            throw Damaged($"the table {name}");
    }

    private static void Write(Utf8JsonWriter writer, DbDataReader rows, int at, SchemaType type)
    {
        if (rows.IsDBNull(at))
        {
            writer.WriteNullValue();
            return;
        }

        switch (type)
        {
            case SchemaType.Integer:
                writer.WriteNumberValue(rows.GetInt64(at));
                break;
            case SchemaType.Boolean:
                writer.WriteBooleanValue(rows.GetBoolean(at));
                break;
            case SchemaType.Text:
                writer.WriteStringValue(rows.GetString(at));
                break;
            case SchemaType.Bytes:
                writer.WriteBase64StringValue(rows.GetFieldValue<byte[]>(at));
                break;
            case SchemaType.Id:
                writer.WriteStringValue(rows.GetValue(at) is byte[] bytes ? new Guid(bytes, bigEndian: true) : rows.GetGuid(at));
                break;
        }
    }

    private static ArrayBufferWriter<byte> Begin(SchemaTable table, out Utf8JsonWriter writer)
    {
        var lines = new ArrayBufferWriter<byte>(64 * 1024);
        writer = new Utf8JsonWriter(lines, Form);
        writer.WriteStartObject();
        writer.WriteString("table", table.Name);
        writer.WriteStartArray("columns");
        foreach (var column in table.Columns)
            writer.WriteStringValue(column.Name);
        writer.WriteEndArray();
        writer.WriteEndObject();
        EndLine(writer, lines);
        return lines;
    }

    private static void EndLine(Utf8JsonWriter writer, ArrayBufferWriter<byte> lines)
    {
        writer.Flush();
        lines.Write("\n"u8);
        writer.Reset();
    }

    private static BackupRefusedException Damaged(string what) => new($"{what} in this backup is damaged, or of a newer version.");
}
