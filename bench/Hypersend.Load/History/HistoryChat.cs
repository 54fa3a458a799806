using Microsoft.Data.Sqlite;

namespace Hypersend.Load.History;

internal sealed record HistoryPerson(Guid Id, string Username)
{
    public bool IsReader => Username == $"person{HistoryFolder.Reader:D5}";
}

/// <summary>A chat as the server made it, and how many messages it is going to have.</summary>
internal sealed class HistoryChat
{
    private const int Fewest = 10;
    private const int MostUnread = 500;

    public required long No { get; init; }

    public required long Seq { get; init; }

    public required long Rev { get; init; }

    public required long Counted { get; init; }

    public required string Name { get; init; }

    public List<HistoryPerson> Members { get; } = [];

    public int Messages { get; private set; }

    /// <summary>How many of the last messages the reader has not seen.</summary>
    public int UnreadByReader { get; private set; }

    /// <summary>How many of those are the reader's own.</summary>
    public int OwnAfter { get; set; }

    public static IReadOnlyList<HistoryChat> Read(SqliteConnection connection, HistorySize size)
    {
        var chats = new Dictionary<long, HistoryChat>();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT c.no, h.seq, h.rev, h.counted, c.name, u.id, u.username
            FROM chats c JOIN chat_heads h ON h.chat_no = c.no JOIN chat_members m ON m.chat_no = c.no AND m.left_at IS NULL
                JOIN users u ON u.id = m.user_id
            WHERE c.type <> 'saved' ORDER BY c.no, u.username
            """;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var no = reader.GetInt64(0);
            if (!chats.TryGetValue(no, out var chat))
                chats[no] = chat = new HistoryChat { No = no, Seq = reader.GetInt64(1), Rev = reader.GetInt64(2), Counted = reader.GetInt64(3), Name = reader.GetString(4) };
            chat.Members.Add(new HistoryPerson(new Guid((byte[])reader[5], bigEndian: true), reader.GetString(6)));
        }

        var everybody = chats.Values.Single(chat => chat.Name == HistoryFolder.Everybody);
        everybody.Messages = size.InOneChat;
        Share([.. chats.Values.Where(chat => chat != everybody && chat.Members.Exists(member => member.IsReader))], size.OfTheReader);
        Share([.. chats.Values.Where(chat => chat != everybody && !chat.Members.Exists(member => member.IsReader))], size.OfOthers);
        foreach (var chat in chats.Values.Where(chat => chat.No % 2 == 0))
            chat.UnreadByReader = Math.Min(chat.Messages, 1 + (int)(chat.No * 7919 % MostUnread));
        return [.. chats.Values];
    }

    /// <summary>A few chats with a lot, many with little.</summary>
    private static void Share(List<HistoryChat> chats, int messages)
    {
        var weights = chats.Select((_, rank) => 1 / Math.Pow(rank + 1, 0.7)).ToArray();
        var sum = weights.Sum();
        var left = messages - (Fewest * chats.Count);
        foreach (var (rank, chat) in chats.Index())
            chat.Messages = Fewest + (int)(left * weights[rank] / sum);
        chats[0].Messages += messages - chats.Sum(chat => chat.Messages);
    }
}
