using Microsoft.Data.Sqlite;

namespace Hypersend.Load.History;

/// <summary>Where everybody stands who has seen all there is, read from the file.</summary>
internal sealed record HistoryHeads(Guid Everybody, Dictionary<Guid, Dictionary<Guid, long>> Cursors)
{
    public static HistoryHeads Read(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "data", "hypersend.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT m.user_id, c.id, h.rev, c.name
            FROM chat_members m JOIN chats c ON c.no = m.chat_no JOIN chat_heads h ON h.chat_no = c.no WHERE m.left_at IS NULL
            """;
        using var reader = command.ExecuteReader();
        var everybody = Guid.Empty;
        var cursors = new Dictionary<Guid, Dictionary<Guid, long>>();
        while (reader.Read())
        {
            var (person, chat) = (new Guid((byte[])reader[0], bigEndian: true), new Guid((byte[])reader[1], bigEndian: true));
            if (!cursors.TryGetValue(person, out var known))
                cursors[person] = known = [];
            known[chat] = reader.GetInt64(2);
            if (reader.GetString(3) == HistoryFolder.Everybody)
                everybody = chat;
        }

        return new HistoryHeads(everybody, cursors);
    }
}
