using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hypersend.Server.Engines.Sql.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hypersend.Load.History;

/// <summary>
/// The folder of a server that has been talked on for years. People, chats and members are made through the server; the
/// messages are written straight into its file. Kept under artifacts and used again while schema and size are the same.
/// </summary>
internal static class HistoryFolder
{
    /// <summary>Whose many chats are listed.</summary>
    public const int Reader = 0;

    /// <summary>The name of the chat that everybody is in.</summary>
    public const string Everybody = "Everybody";

    private const int Version = 1;
    private const int AtOnce = 32;
    private const int MembersAtOnce = 200;

    public static async Task<string> PrepareAsync(RunOptions options, HistorySize size)
    {
        var folder = Path.Combine(options.Root, "artifacts", "bench", size.Name);
        var stamp = Path.Combine(folder, "stamp.txt");
        var wanted = $"{Version} {size} {await SchemaAsync(options)}";
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
            return folder;

        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        Console.Error.WriteLine($"   making {size.Messages:#,0} messages in {folder}; the next run finds them");
        await using (var server = await ServerProcess.StartAsync(options, folder, "--RATE_LIMITS=off"))
            await MakeChatsAsync(server, size);
        HistoryWriter.Write(Path.Combine(folder, "data", "hypersend.db"), size);
        await File.WriteAllTextAsync(stamp, wanted);
        return folder;
    }

    private static async Task MakeChatsAsync(ServerProcess server, HistorySize size)
    {
        await server.SignUpAsync("admin");
        var crowd = await Crowd.GatherAsync(server, size.People);
        var everybody = await Room.MakeAsync(server, crowd.Tokens[Reader], $$"""{"type":"group","name":"{{Everybody}}"}""");
        foreach (var some in crowd.Ids.Skip(1).Chunk(MembersAtOnce))
            await Room.PostAsync(server, $"/api/v1/chats/{everybody}/members", crowd.Tokens[Reader], JsonSerializer.Serialize(new { user_ids = some }), CancellationToken.None);

        // A fifth of the reader's chats is with one other person, the rest are small groups; the others only have groups.
        await Parallel.ForAsync(1, 2 * size.Chats, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellation) =>
        {
            var isReaders = number < size.Chats;
            var first = isReaders ? Reader : 1 + (number * 7 % (size.People - 1));
            var others = Enumerable.Range(1, isReaders ? 2 + (number % 6) : 4 + (number % 16))
                .Select(i => 1 + (((number * 31) + (i * 17)) % (size.People - 1))).Where(other => other != first).Distinct();
            var request = isReaders && number <= size.Chats / 5
                ? JsonSerializer.Serialize(new { type = "direct", member_ids = new[] { crowd.Ids[number] } })
                : JsonSerializer.Serialize(new { type = "group", name = $"Circle {number}", member_ids = others.Select(other => crowd.Ids[other]) });
            await Room.PostAsync(server, "/api/v1/chats", crowd.Tokens[first], request, cancellation);
        });
    }

    /// <summary>What a fresh database of this build looks like.</summary>
    private static async Task<string> SchemaAsync(RunOptions options)
    {
        await using var server = await ServerProcess.StartAsync(options);
        SqliteLibrary.Load();
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(server.DataRoot, "hypersend.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master ORDER BY name)";
        var schema = Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(schema)))[..16];
    }
}
