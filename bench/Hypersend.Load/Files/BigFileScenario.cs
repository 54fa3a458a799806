using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hypersend.Server.Engines.Sql.Sqlite;
using Hypersend.Server.Features.Files;
using Microsoft.Data.Sqlite;

namespace Hypersend.Load.Files;

/// <summary>
/// A file of 40 GiB of which all but the last chunks are a hole: their rows are written while the server is away, so that nobody
/// has to move 40 GiB to see how long the end takes and how much memory the size costs.
/// </summary>
internal static class BigFileScenario
{
    private const int ChunkLength = 8 << 20;
    private const int SentChunks = 64;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var size = (options.Quick ? 4L : 40L) << 30;
        var chunks = (int)(size / ChunkLength);
        var folder = Directory.CreateTempSubdirectory("hypersend-big-").FullName;
        try
        {
            string token, upload;
            await using (var server = await ServerProcess.StartAsync(options, folder, "--RATE_LIMITS=off"))
            {
                token = (await server.SignUpAsync("ana")).AccessToken;
                var saved = await PostAsync(server, token, "/api/v1/chats", new { type = "saved" });
                var begun = await PostAsync(server, token, "/api/v1/files/init", new { filename = "film.mov", size, chunk_size = ChunkLength, chat_id = saved.GetProperty("id").GetString() });
                upload = begun.GetProperty("upload_id").GetString()!;
            }

            WriteRows(Path.Combine(folder, "data", "hypersend.db"), upload, chunks - SentChunks);
            await using (var server = await ServerProcess.StartAsync(options, folder, "--RATE_LIMITS=off"))
                Measure(report, server, token, upload, size, chunks);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(Report report, ServerProcess server, string token, string upload, long size, int chunks)
    {
        var headers = $"Authorization: Bearer {token}\r\n";
        var (idle, most) = (server.Resident(), 0L);
        using (new Timer(_ => most = Math.Max(most, server.Resident()), null, 0, 20))
            Send(server.Url, headers, upload, chunks);

        var took = new double[2];
        for (var i = 0; i < took.Length; i++)
        {
            using var http = new RawHttp(server.Url);
            var began = Stopwatch.GetTimestamp();
            if (http.Send("POST", $"/api/v1/files/{upload}/complete", headers, default) != 200)
                throw new InvalidOperationException("The big file could not be completed.");
            took[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        report.Add(new Row($"complete of {size >> 30} GiB in {chunks:#,0} chunks", $"{Report.Number(took[0])} ms")
        {
            Must = "< 200 ms",
            Aim = "100 ms",
            Remark = $"its first since the start of the server; once more: {Report.Number(took[1])} ms",
        });

        var sending = most;
        using (new Timer(_ => most = Math.Max(most, server.Resident()), null, 0, 20))
        {
            using var http = new RawHttp(server.Url);
            if (http.Fetch($"/api/v1/files/{upload}/download", headers) != size)
                throw new InvalidOperationException("The download of the big file was not whole.");
        }

        report.Add(new Row($"memory of the server, the most with a file of {size >> 30} GiB", $"{Report.Number(most / 1048576.0)} MiB")
        {
            Must = "< 240 MiB",
            Aim = "150 MiB",
            Remark = $"resident; {Report.Number(idle / 1048576.0)} MiB before, {Report.Number(sending / 1048576.0)} while its last {SentChunks} chunks came over 4 lanes, then one download of all of it",
        });
    }

    private static void Send(Uri url, string headers, string upload, int chunks)
    {
        var block = new byte[ChunkLength];
        var next = chunks - SentChunks - 1;
        var lanes = Enumerable.Range(0, Taker.Lanes).Select(_ => new Thread(() =>
        {
            using var http = new RawHttp(url);
            for (var chunk = Interlocked.Increment(ref next); chunk < chunks; chunk = Interlocked.Increment(ref next))
            {
                if (http.Send("PUT", string.Create(CultureInfo.InvariantCulture, $"/api/v1/files/{upload}/chunk?chunk_index={chunk}"), headers, block) != 200)
                    throw new InvalidOperationException("A chunk of the big file was not taken.");
            }
        })).ToArray();
        foreach (var lane in lanes)
            lane.Start();
        foreach (var lane in lanes)
            lane.Join();
    }

    /// <summary>As if the first chunks, all zeros, had come.</summary>
    private static void WriteRows(string database, string upload, int chunks)
    {
        var zeros = new byte[ChunkLength];
        var (sha256, crc32) = (SHA256.HashData(zeros), (long)Crc32.Append(0, zeros));
        SqliteLibrary.Load();
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO file_chunks (file_no, chunk, length, sha256, crc32) SELECT no, $chunk, $length, $sha256, $crc32 FROM files WHERE id = $id";
        var id = Guid.Parse(upload).ToByteArray(bigEndian: true);
        var number = insert.Parameters.AddWithValue("$chunk", 0);
        insert.Parameters.AddWithValue("$length", ChunkLength);
        insert.Parameters.AddWithValue("$sha256", sha256);
        insert.Parameters.AddWithValue("$crc32", crc32);
        insert.Parameters.AddWithValue("$id", id);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            number.Value = chunk;
            insert.ExecuteNonQuery();
        }

        using var update = connection.CreateCommand();
        update.CommandText = "UPDATE files SET received_bytes = $bytes, received_chunks = $chunks WHERE id = $id";
        update.Parameters.AddWithValue("$bytes", (long)chunks * ChunkLength);
        update.Parameters.AddWithValue("$chunks", chunks);
        update.Parameters.AddWithValue("$id", id);
        update.ExecuteNonQuery();
        transaction.Commit();
    }

    private static async Task<JsonElement> PostAsync(ServerProcess server, string token, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new InvalidOperationException(path + " answered " + text);
    }
}
