using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Tus;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files.Tus;

/// <summary>A server with small chunks, so that small files have many, and one person who sends by tus as the protocol's words have it.</summary>
public sealed class TusStage : IAsyncLifetime
{
    internal const int Chunk = 1 << 20;
    internal const string Door = "/api/v1/tus";
    internal const string Bytes = "application/offset+octet-stream";

    internal App App { get; private set; } = null!;

    internal Person Ana { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.Missing is not null)
            return;
        App = await App.StartAsync($"--CHUNK_SIZE={Chunk}", "--MAX_FILE_SIZE=1073741824");
        Ana = await App.SignUpAsync("ana");
    }

    public async ValueTask DisposeAsync()
    {
        if (App is not null)
            await App.DisposeAsync();
    }

    internal static byte[] Some(int length) => RandomNumberGenerator.GetBytes(length);

    internal static string Meta(params (string Key, string Value)[] pairs) =>
        string.Join(',', pairs.Select(pair => $"{pair.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value))}"));

    internal static string Sum(string algorithm, byte[] bytes) =>
        $"{algorithm} {Convert.ToBase64String(CryptographicOperations.HashData(new HashAlgorithmName(algorithm.ToUpperInvariant()), bytes))}";

    internal static string RootOf(byte[] bytes, int chunk = Chunk) =>
        RootHash.Text(RootHash.Of(bytes.Chunk(chunk).Select(part => SHA256.HashData(part))));

    /// <summary>A request of hers; a header without a value is left out, also the version.</summary>
    internal Task<HttpResponseMessage> SendAsync(string method, string path, byte[]? body = null, params (string Name, string? Value)[] headers) =>
        SendAsync(Ana, method, path, body, headers);

    internal async Task<HttpResponseMessage> SendAsync(Person person, string method, string path, byte[]? body = null, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var said = new Dictionary<string, string?> { ["Tus-Resumable"] = "1.0.0", ["Authorization"] = "Bearer " + person.AccessToken };
        foreach (var (name, value) in headers)
            said[name] = value;
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (said.GetValueOrDefault("Content-Type", Bytes) is { } type)
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        foreach (var (name, value) in said)
        {
            if (value is not null && name != "Content-Type")
                request.Headers.TryAddWithoutValidation(name, value);
        }

        return await App.Http.SendAsync(request);
    }

    /// <summary>Begins an upload; the answer is its address.</summary>
    internal async Task<string> CreateAsync(long? length, params (string Name, string? Value)[] headers)
    {
        (string, string?) size = length is { } known ? ("Upload-Length", Text(known)) : ("Upload-Defer-Length", "1");
        using var answer = await SendAsync("POST", Door, null, [size, .. headers]).AnsweredAsync(201);
        return answer.Headers.Location!.ToString();
    }

    internal Task<HttpResponseMessage> PatchAsync(string url, long offset, byte[] body, params (string Name, string? Value)[] headers) =>
        SendAsync("PATCH", url, body, [("Upload-Offset", Text(offset)), .. headers]);

    internal async Task<long> OffsetAsync(string url)
    {
        using var answer = await SendAsync("HEAD", url).AnsweredAsync(200);
        return long.Parse(Header(answer, "Upload-Offset")!, CultureInfo.InvariantCulture);
    }

    /// <summary>A finished part of what is to be one file.</summary>
    internal async Task<string> PartAsync(byte[] bytes)
    {
        var url = await CreateAsync(bytes.Length, ("Upload-Concat", "partial"));
        using var answer = await PatchAsync(url, 0, bytes).AnsweredAsync(204);
        Assert.Null(Header(answer, "Hypersend-File-Id"));
        return url;
    }

    internal static FileId IdOf(string url) => FileId.Parse(url.Split('/')[^1], null);

    internal static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the store has of a file, by the way every reader takes.</summary>
    internal async Task<byte[]> ReadAsync(FileId id)
    {
        var files = App.Services.GetRequiredService<IFileStore>();
        var file = (await files.FindAsync(Ana.Id, id, default))!;
        await using var reader = new PieceReader(files, App.Services.GetRequiredService<IBlobStore>(), file);
        var bytes = new byte[file.Size!.Value];
        for (var at = 0; at < bytes.Length;)
            at += await reader.ReadAsync(at, bytes.AsMemory(at), default);
        return bytes;
    }

    /// <summary>The file is ready, with these bytes and their root.</summary>
    internal async Task ShouldBeAsync(FileId id, byte[] bytes, int chunk = Chunk)
    {
        var file = await Ana.Files.GetAsync(id);
        Assert.Equal((FileStates.Ready, bytes.Length, RootOf(bytes, chunk)), (file.State, file.Size, file.Sha256Root));
        var read = await ReadAsync(id);
        Assert.True(bytes.AsSpan().SequenceEqual(read));
    }
}
