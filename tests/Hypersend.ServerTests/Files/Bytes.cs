using System.Security.Cryptography;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>Files whose every byte is known, and the ways to fetch them.</summary>
internal static class Bytes
{
    public const int Mega = 1 << 20;

    /// <summary>The same bytes for the same seed.</summary>
    public static byte[] Of(int length, ulong seed = 1)
    {
        var bytes = new byte[length];
        var dice = new Dice(seed);
        for (var at = 0; at < length; at++)
            bytes[at] = (byte)dice.Below(256);
        return bytes;
    }

    /// <summary>Begins an upload with chunks of 1 MiB.</summary>
    public static Task<Upload> BeginAsync(this Person person, ChatId? chat, long? size, string filename = "film.bin") => person.Files.InitAsync(
        new InitUploadRequest { Filename = filename, Size = size, ChatId = chat, ChunkSize = size is null ? null : Mega, Mime = "application/octet-stream" });

    /// <summary>Sends the chunk that lies there in the whole.</summary>
    public static Task SendAsync(this Person person, Upload upload, byte[] whole, int chunk) => person.Files.SendChunkAsync(
        upload.UploadId, chunk, whole.AsMemory((int)Math.Min(whole.Length, (long)chunk * upload.ChunkSize)..(int)Math.Min(whole.Length, (chunk + 1L) * upload.ChunkSize)));

    /// <summary>A ready file.</summary>
    public static async Task<FileId> SendFileAsync(this Person person, ChatId? chat, byte[] whole, string filename = "film.bin", string? path = null)
    {
        var upload = await person.Files.InitAsync(new InitUploadRequest { Filename = filename, Path = path, Size = whole.Length, ChatId = chat, ChunkSize = Mega });
        for (var chunk = 0; chunk < upload.TotalChunks; chunk++)
            await person.SendAsync(upload, whole, chunk);
        return (await person.Files.CompleteAsync(upload.UploadId)).FileId;
    }

    public static string Root(byte[] whole) => Convert.ToHexStringLower(
        SHA256.HashData([.. whole.Chunk(Mega).SelectMany(chunk => SHA256.HashData(chunk))]));

    public static string DownloadPath(this FileId id) => $"/api/v1/files/{id}/download";

    /// <summary>A request with these headers, answered with its headers only; the body is read by the test.</summary>
    public static async Task<HttpResponseMessage> FetchAsync(this App app, Person? person, string path, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (person is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + person.AccessToken);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static Task<HttpResponseMessage> RangeAsync(this App app, Person person, FileId id, string range, params (string Name, string Value)[] headers) =>
        app.FetchAsync(person, id.DownloadPath(), null, [("Range", range), .. headers]);

    /// <summary>How many downloads run on all nodes together.</summary>
    public static int RunningDownloads(this App app) => app.EveryNode.Sum(node => node.GetRequiredService<RunningDownloads>().Count);

    /// <summary>A download is over, and counted, a little later than its last byte.</summary>
    public static async Task NoDownloadRunsAsync(this App app)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (app.RunningDownloads() > 0)
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The answer has this status; its body is left for the test to read, as it may not have an end yet.</summary>
    public static async Task<HttpResponseMessage> OpenedAsync(this Task<HttpResponseMessage> call, int status)
    {
        var answer = await call;
        Assert.Equal(status, (int)answer.StatusCode);
        return answer;
    }
}
