using System.Diagnostics;
using System.Globalization;
using Hypersend.Seed;
using Hypersend.Server.Engines.Sql.Sqlite;
using Hypersend.Server.Features.Messages;
using Microsoft.Data.Sqlite;

namespace Hypersend.Load.History;

/// <summary>
/// Fills the chats of a database with conversations in many languages: replies, mentions, reactions, deleted messages,
/// read marks. In bulk, without durability, with the indexes made at the end.
/// </summary>
internal sealed class HistoryWriter : IDisposable
{
    private const string Insert =
        """
        INSERT INTO messages (key, rev_key, sender_id, type, content, client_id, reply_key, thread_count, mentions, reactions, counted, created_at, deleted_at)
        VALUES (?, ?, ?, 'text', ?, ?, ?, 0, ?, ?, ?, ?, ?)
        """;

    private const int Few = 50;

    private static readonly TimeSpan Past = TimeSpan.FromDays(700);

    private readonly SqliteConnection _connection;
    private readonly RawStatement _message;
    private readonly RawStatement _mention;
    private readonly RawStatement _reaction;
    private readonly Sentences _sentences = Sentences.Load();
    private readonly Dice _dice = new(seed: 2026);
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    private HistoryWriter(SqliteConnection connection)
    {
        _connection = connection;
        _message = new RawStatement(connection.Handle!, Insert);
        _mention = new RawStatement(connection.Handle!, "INSERT INTO mentions (user_id, message_key, sender_id) VALUES (?, ?, ?)");
        _reaction = new RawStatement(connection.Handle!, "INSERT INTO reactions (message_key, emoji, user_id, at) VALUES (?, ?, ?, ?)");
    }

    public static void Write(string path, HistorySize size)
    {
        SqliteLibrary.Load();
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Foreign Keys=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY; PRAGMA threads = 2");
        var indexes = List(connection, "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'messages' AND sql IS NOT NULL");
        foreach (var (name, _) in indexes)
            Run(connection, "DROP INDEX " + name);
        using (var writer = new HistoryWriter(connection))
            writer.WriteAll(HistoryChat.Read(connection, size));
        foreach (var (_, sql) in indexes)
            Run(connection, sql);
    }

    public void Dispose()
    {
        _message.Dispose();
        _mention.Dispose();
        _reaction.Dispose();
    }

    private void WriteAll(IReadOnlyList<HistoryChat> chats)
    {
        var began = Stopwatch.GetTimestamp();
        long done = 0;
        Run(_connection, "BEGIN");
        foreach (var chat in chats)
        {
            WriteChat(chat);
            done += chat.Messages;
        }

        Run(_connection, "COMMIT");
        Console.Error.WriteLine($"   {done / Stopwatch.GetElapsedTime(began).TotalSeconds:#,0} messages a second");
    }

    private void WriteChat(HistoryChat chat)
    {
        // A few people mostly stay in one language; where many meet, every third one has another.
        var spoken = _dice.Below(_sentences.Languages);
        var others = chat.Members.Count > Few ? 3 : 50;
        var last = _now.AddMinutes(-_dice.Below(60 * 24 * 20));
        var step = Past.TotalMilliseconds / chat.Messages;
        var sender = chat.Members[0];
        for (var i = 1; i <= chat.Messages; i++)
        {
            if (!_dice.OnceIn(3))
                sender = _dice.OneOf(chat.Members);
            var language = _dice.OnceIn(others) ? _dice.Below(_sentences.Languages) : spoken;
            var at = last.AddMilliseconds(-step * (chat.Messages - i) - _dice.Below(1 + (int)Math.Min(step, 60_000)));
            WriteMessage(chat, i, sender, _sentences.Next(language, _dice), at);
            if (i > chat.Messages - chat.UnreadByReader && sender.IsReader)
                chat.OwnAfter++;
        }

        var end = last.ToUnixTimeMilliseconds();
        var (seq, rev, counted) = (chat.Seq + chat.Messages, chat.Rev + chat.Messages, chat.Counted + chat.Messages);
        Run(_connection, $"UPDATE chat_heads SET seq = {seq}, rev = {rev}, counted = {counted}, changed_at = {end} WHERE chat_no = {chat.No}");
        Run(_connection, $"UPDATE chat_members SET read_seq = {seq}, delivered_seq = {seq}, read_counted = {counted}, own_after = 0 WHERE chat_no = {chat.No}");
        var unread = chat.UnreadByReader;
        if (unread > 0 && chat.Members.FirstOrDefault(member => member.IsReader) is { } reader)
            Run(_connection, $"UPDATE chat_members SET read_seq = {seq - unread}, read_counted = {counted - unread}, own_after = {chat.OwnAfter} WHERE chat_no = {chat.No} AND user_id = X'{Convert.ToHexString(reader.Id.ToByteArray(bigEndian: true))}'");
    }

    private void WriteMessage(HistoryChat chat, int number, HistoryPerson sender, string content, DateTimeOffset at)
    {
        var key = MessageKey.Of(chat.No, chat.Seq + number);
        string? mentions = null;
        string? reactions = null;
        if (_dice.OnceIn(200))
        {
            var called = _dice.OneOf(chat.Members);
            content = $"@{called.Username} {content}";
            mentions = $"[\"{called.Id}\"]";
            _mention.Bind(called.Id).Bind(key).Bind(sender.Id).Run();
        }

        if (_dice.OnceIn(30))
        {
            reactions = """[{"emoji":"👍","count":1}]""";
            _reaction.Bind(key).Bind("👍").Bind(_dice.OneOf(chat.Members).Id).Bind(at).Run();
        }

        var isGone = mentions is null && reactions is null && _dice.OnceIn(300);
        long? reply = number > 40 && _dice.OnceIn(12) ? key - 1 - _dice.Below(30) : null;
        _message.Bind(key).Bind(MessageKey.Of(chat.No, chat.Rev + number)).Bind(sender.Id).Bind(isGone ? null : content)
            .Bind(_dice.Next().ToString("x16", CultureInfo.InvariantCulture)).Bind(reply).Bind(mentions).Bind(reactions)
            .Bind(chat.Counted + number).Bind(at).Bind(isGone ? at.AddMinutes(1) : (DateTimeOffset?)null).Run();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 0);
        command.ExecuteNonQuery();
    }

    private static List<(string Name, string Sql)> List(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<(string, string)>();
        while (reader.Read())
            rows.Add((reader.GetString(0), reader.GetString(1)));
        return rows;
    }
}
