using Dapper;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Messages;
using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>Takes the columns by their places, from SQLite itself. Fifty messages have 1,450 values, and most of them are null.</summary>
internal sealed class SqliteMessageReader : MessageReader
{
    public override async Task<IReadOnlyList<MessageRow>> ListAsync(SqlSession sql, string query, object values)
    {
        // Not "await using": by that Dapper's reader forgets its command, and the connection's prepared statement with it.
        using var reader = await sql.ReadAsync(query, values);
        var rows = new List<MessageRow>();
        if (!reader.Read())
            return rows;
        var statement = ((SqliteDataReader)((IWrappedDataReader)reader).Reader).Handle!;
        do
        {
            rows.Add(Read(new SqliteRow(statement)));
        }
        while (reader.Read());
        return rows;
    }

    private static MessageRow Read(SqliteRow row) => new()
    {
        Key = row.Integer(0),
        RevKey = row.Integer(1),
        SenderId = new UserId(row.Guid(2)),
        SenderUsername = row.Text(3),
        SenderName = row.Text(4),
        SenderAvatar = row.TextOrNull(5),
        Type = row.Text(6),
        Content = row.TextOrNull(7),
        ClientId = row.TextOrNull(8),
        ReplyKey = row.IntegerOrNull(9),
        ThreadKey = row.IntegerOrNull(10),
        ThreadCount = (int)row.Integer(11),
        ForwardedFrom = row.TextOrNull(12),
        ForwardedSender = row.IsNull(13) ? null : new UserId(row.Guid(13)),
        ForwardedUsername = row.TextOrNull(14),
        ForwardedName = row.TextOrNull(15),
        ForwardedAvatar = row.TextOrNull(16),
        Mentions = row.TextOrNull(17),
        System = row.TextOrNull(18),
        Reactions = row.TextOrNull(19),
        Files = row.TextOrNull(20),
        Preview = row.TextOrNull(21),
        Counted = row.Integer(22),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Integer(23)),
        EditedAt = row.TimeOrNull(24),
        PinnedAt = row.TimeOrNull(25),
        DeletedAt = row.TimeOrNull(26),
        FailedAt = row.TimeOrNull(27),
        ExpiresAt = row.TimeOrNull(28),
    };
}
