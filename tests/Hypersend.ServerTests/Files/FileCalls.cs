using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Packing;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>What the tests of files say again and again.</summary>
internal static class FileCalls
{
    public const int Chunk = ChunkGrid.SmallestChunk;

    /// <summary>A small ready file, shown in the chat.</summary>
    public static Task<FileId> SendFileAsync(this Person person, ChatId chat, string filename = "notes.txt") => person.UploadAsync(chat, filename);

    /// <summary>A small ready file, shown in the chat if one is named, kept as the retention says.</summary>
    public static async Task<FileId> UploadAsync(this Person person, ChatId? chat = null, string filename = "notes.txt", Retention? retention = null)
    {
        var bytes = "what it says"u8.ToArray();
        var upload = await person.Files.InitAsync(new InitUploadRequest { Filename = filename, Size = bytes.Length, ChatId = chat, Retention = retention });
        await person.Files.SendChunkAsync(upload.UploadId, 0, bytes);
        return (await person.Files.CompleteAsync(upload.UploadId)).FileId;
    }

    /// <summary>Packs whatever waits. The server's own round may have the turn; what that one does not see any more is done in the next.</summary>
    public static async Task PackAsync(this App app)
    {
        while (!await app.Services.GetRequiredService<PackFiles>().PackAllAsync(TestContext.Current.CancellationToken))
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    /// <summary>The beginning of an upload with the smallest chunks there are.</summary>
    public static Task<Upload> BeginAsync(this Person person, long? size, ChatId? chat = null) =>
        person.Files.InitAsync(new InitUploadRequest { Filename = "file.bin", Size = size, ChunkSize = Chunk, ChatId = chat });

    /// <summary>A chunk exactly as it is said here.</summary>
    public static Task<HttpResponseMessage> PutChunkAsync(this Person person, FileId upload, string? index, HttpContent body, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
            body.Headers.TryAddWithoutValidation(name, value);
        return person.SendAsync(HttpMethod.Put, $"/api/v1/files/{upload}/chunk" + (index is null ? "" : "?chunk_index=" + index), body);
    }

    public static Task<HttpResponseMessage> PutChunkAsync(this Person person, FileId upload, int index, byte[] bytes, params (string Name, string Value)[] headers) =>
        person.PutChunkAsync(upload, index.ToString(CultureInfo.InvariantCulture), new ByteArrayContent(bytes), headers);

    public static byte[] Bytes(int length) => RandomNumberGenerator.GetBytes(length);

    public static string RootOf(IEnumerable<byte[]> chunks) => Convert.ToHexStringLower(SHA256.HashData([.. chunks.SelectMany(SHA256.HashData)]));

    /// <summary>What of a file is in the store, chunk by chunk, as its rows say.</summary>
    public static async Task<byte[]> StoredAsync(this App app, FileId id)
    {
        var store = app.Services.GetRequiredService<IUploadStore>();
        var stored = (await store.FindAsync(id, CancellationToken.None))!;
        if (stored.Chunks.Count == 0)
            return [];
        using var whole = new MemoryStream();
        await using var reader = await app.Services.GetRequiredService<IBlobStore>().OpenAsync(stored.File.BytesId, CancellationToken.None);
        foreach (var index in stored.Chunks)
        {
            var row = (await store.FindChunkAsync(id, index, CancellationToken.None))!;
            var place = new BlobPlace(index, (long)index * stored.File.ChunkSize, row.Length, row.Name);
            var buffer = new byte[row.Length];
            for (var at = 0; at < row.Length;)
                at += await reader.ReadAsync(place, at, buffer.AsMemory(at), CancellationToken.None);
            whole.Write(buffer);
        }

        return whole.ToArray();
    }
}

/// <summary>A body whose length nobody says.</summary>
internal sealed class UnannouncedContent(byte[] bytes) : HttpContent
{
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => await stream.WriteAsync(bytes);
}
