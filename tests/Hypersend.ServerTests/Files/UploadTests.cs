using System.Diagnostics;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Files;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>Uploads from their beginning to their end, and what the others in the chat see of them.</summary>
public sealed class UploadTests(App app) : IClassFixture<App>
{
    private const int Chunk = FileCalls.Chunk;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((5 * Chunk) + 12345)]
    public async Task A_file_of_any_size_is_the_same_there(int size)
    {
        var ana = await app.SignUpAsync("ana");
        using var folder = new ScratchFolder();
        var bytes = FileCalls.Bytes(size);
        await File.WriteAllBytesAsync(folder.File("source"), bytes, TestContext.Current.CancellationToken);
        using var source = UploadSource.OfFile(folder.File("source"));

        var done = await ana.Files.Upload(source, new InitUploadRequest { Filename = "file.bin", ChunkSize = Chunk }).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((size, "completed", FileCalls.RootOf(bytes.Chunk(Chunk))), (done.Size, done.Status, done.Sha256Root));
        Assert.Equal(bytes, await app.StoredAsync(done.FileId));
        var file = await ana.Files.GetAsync(done.FileId);
        Assert.Equal((FileStates.Ready, size, size, done.Sha256Root), (file.State, file.Size, file.ReceivedBytes, file.Sha256Root));
        var digests = await ana.Files.GetDigestsAsync(done.FileId);
        Assert.Equal(bytes.Chunk(Chunk).Select(chunk => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(chunk))), digests.Sha256);
    }

    [Fact]
    public async Task A_stream_of_an_unknown_size_is_the_same_there()
    {
        var ana = await app.SignUpAsync("ana");
        var bytes = FileCalls.Bytes(3 * Chunk + 7);
        using var source = UploadSource.OfStream(new MemoryStream(bytes));

        var done = await ana.Files.Upload(source, new InitUploadRequest { Filename = "stream.bin" }).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(bytes.Length, done.Size);
        Assert.Equal(bytes, await app.StoredAsync(done.FileId));
        await FileBooks.CheckAsync(app);
    }

    [Fact]
    public async Task Of_an_unknown_size_only_the_last_chunk_may_be_short()
    {
        var ana = await app.SignUpAsync("ana");
        var largest = await ana.Files.InitAsync(new InitUploadRequest { Filename = "a" });
        Assert.Equal((64 << 20, null), (largest.ChunkSize, largest.TotalChunks));
        await ana.Files.InitAsync(new InitUploadRequest { Filename = "a", ChunkSize = 3 << 20 }).RefusedAsync(422, ErrorCodes.ValidationFailed);
        var upload = await ana.BeginAsync(size: null);
        Assert.Equal((Chunk, null), (upload.ChunkSize, upload.TotalChunks));
        await ana.PutChunkAsync(upload.UploadId, 2, []).RefusedAsync(422, ErrorCodes.WrongLength);
        await ana.PutChunkAsync(upload.UploadId, "2", new UnannouncedContent([])).RefusedAsync(422, ErrorCodes.WrongLength);
        await ana.Files.SendChunkAsync(upload.UploadId, 1, new byte[Chunk]);

        // What has a row stays as it is, so what could not be mended any more is refused when it comes.
        await ana.PutChunkAsync(upload.UploadId, 0, new byte[10]).RefusedAsync(422, ErrorCodes.WrongLength);
        await ana.PutChunkAsync(upload.UploadId, "0", new UnannouncedContent(new byte[10])).RefusedAsync(422, ErrorCodes.WrongLength);
        await ana.PutChunkAsync(upload.UploadId, "2", new UnannouncedContent(new byte[10])).AnsweredAsync(200);
        var problem = await ana.PutChunkAsync(upload.UploadId, 3, new byte[10]).RefusedAsync(422, ErrorCodes.WrongLength);
        Assert.Contains("begin anew", problem.Detail, StringComparison.Ordinal);
        await ana.PutChunkAsync(upload.UploadId, "3", new UnannouncedContent(new byte[Chunk])).RefusedAsync(422, ErrorCodes.WrongLength);
        await ana.PutChunkAsync(upload.UploadId, 9000, new byte[1]).RefusedAsync(422, ErrorCodes.ChunkOutOfRange);
        await ana.Files.SendChunkAsync(upload.UploadId, 0, new byte[Chunk]);

        Assert.Equal((2 * Chunk) + 10, (await ana.Files.CompleteAsync(upload.UploadId)).Size);
    }

    [Fact]
    public async Task Members_see_the_message_at_once_then_progress_then_the_file()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        await using var socket = await SocketClient.OpenAsync(app, ben);
        await socket.HelloAsync();
        var bytes = FileCalls.Bytes(Chunk);
        var watch = Stopwatch.StartNew();

        var upload = await ana.BeginAsync(12 * Chunk, chat);
        var told = await socket.NextAsync("message");
        Assert.Equal((upload.Message!.Id.ToString(), FileStates.Uploading), ((string?)told["message"]!["id"], (string?)Card(told)["state"]));
        await ana.Files.SendChunkAsync(upload.UploadId, 0, bytes);
        var first = await socket.NextAsync("file.progress");
        for (var index = 1; index < 12; index++)
            await ana.Files.SendChunkAsync(upload.UploadId, index, bytes);
        var done = await ana.Files.CompleteAsync(upload.UploadId);

        var heard = await socket.UntilAsync(one => one.Is("file.ready"));
        var progress = heard.Where(one => one.Is("file.progress")).Prepend(first).ToList();

        // Each node tells of what came through it, and an earlier word of one may come after a later one of another.
        Assert.InRange(progress.Count, 1, Cluster.Nodes * ((int)(watch.Elapsed.TotalSeconds * 4) + 2));
        if (!Cluster.IsOn)
            Assert.Equal(progress.Select(one => (long)one["received"]!).Order(), progress.Select(one => (long)one["received"]!));
        Assert.All(progress, one => Assert.Equal((upload.FileId.ToString(), 12L * Chunk), ((string?)one["file_id"], (long)one["size"]!)));

        // The message in its new form comes before the word that it is ready.
        var updated = Assert.Single(heard, one => one.Is("message.updated"));
        Assert.Equal((FileStates.Ready, done.Sha256Root), ((string?)Card(updated)["state"], (string?)Card(updated)["sha256_root"]));
        Assert.Equal((long)told["rev"]! + 1, (long)updated["rev"]!);
        var shown = Assert.Single((await ben.Messages.GetAsync(upload.Message.Id)).Files);
        Assert.Equal((FileStates.Ready, 12L * Chunk), (shown.State, shown.Size));
    }

    [Fact]
    public async Task Whoever_comes_while_a_file_is_on_its_way_sees_how_much_is_there()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        await using var early = await SocketClient.OpenAsync(app, ben);
        await early.HelloAsync();
        var upload = await ana.BeginAsync(12 * Chunk, chat);
        for (var index = 0; index < 3; index++)
            await ana.Files.SendChunkAsync(upload.UploadId, index, FileCalls.Bytes(Chunk));
        var message = upload.Message!.Id;

        const long There = 3 * Chunk;
        Assert.Equal(There, Assert.Single((await ben.Messages.GetAsync(message)).Files).ReceivedBytes);
        Assert.Equal(There, (await ben.Messages.ListAsync(chat)).Items.Single(one => one.Id == message).Files[0].ReceivedBytes);
        Assert.Equal(There, (await ben.Chats.ListAsync()).Items.Single(one => one.Id == chat).LastMessage!.Files[0].ReceivedBytes);
        await using var late = await SocketClient.OpenAsync(app, ben);
        var sync = (await late.HelloAsync()).Single(one => one.Is("sync") && (string?)one["chat"]!["id"] == chat.ToString());
        Assert.Equal(There, (long)sync["messages"]!.AsArray().Single(one => (string?)one!["id"] == message.ToString())!["files"]![0]!["received_bytes"]!);

        // Whatever else happens to the message does not begin the file anew for those who look at it.
        Assert.Equal(There, (await ana.Messages.PinAsync(message)).Files[0].ReceivedBytes);
        var updated = await early.NextAsync("message.updated");
        Assert.Equal((FileStates.Uploading, There), ((string?)Card(updated)["state"], (long)Card(updated)["received_bytes"]!));
    }

    [Fact]
    public async Task A_cancelled_upload_fails_in_the_chat_and_its_space_is_free_at_once()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        await using var socket = await SocketClient.OpenAsync(app, ben);
        await socket.HelloAsync();
        var upload = await ana.BeginAsync(2 * Chunk, chat);
        await ana.Files.SendChunkAsync(upload.UploadId, 0, FileCalls.Bytes(Chunk));
        Assert.Equal(2 * Chunk, (await ana.Files.GetUsageAsync()).UsedBytes);

        await ana.Files.DeleteAsync(upload.UploadId);

        var heard = await socket.UntilAsync(one => one.Is("file.failed"));
        Assert.Equal(FileStates.Failed, (string?)Card(heard.Single(one => one.Is("message.updated")))["state"]);
        Assert.Equal(0, (await ana.Files.GetUsageAsync()).UsedBytes);
        await ana.Files.DeleteAsync(upload.UploadId).RefusedAsync(404, ErrorCodes.NotFound);
        await ana.PutChunkAsync(upload.UploadId, 1, FileCalls.Bytes(Chunk)).RefusedAsync(404, ErrorCodes.NotFound);
        await FileBooks.CheckAsync(app);
        await FileBooks.NoOrphanAsync(app);
    }

    [Fact]
    public async Task The_first_bytes_have_the_last_word_on_what_it_is()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "page.html", Mime = "text/html", Size = png.Length, ChatId = chat });
        await ana.Files.SendChunkAsync(upload.UploadId, 0, png);
        var done = await ana.Files.CompleteAsync(upload.UploadId);

        Assert.Equal("image/png", done.Mime);
        Assert.Equal(MessageTypes.Image, (await ana.Messages.GetAsync(upload.Message!.Id)).Type);
    }

    [Fact]
    public async Task A_thumbnail_is_a_small_picture_by_its_bytes()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var upload = await ana.BeginAsync(1, chat);
        var refusal = await ana.Files.SetThumbnailAsync(upload.UploadId, "GIF89a, which is none of them"u8.ToArray()).RefusedAsync(415, ErrorCodes.UnsupportedImage);
        Assert.Equal("Send a JPEG, PNG or WebP file.", refusal.Problem!.Hint);
        await ana.Files.SetThumbnailAsync(upload.UploadId, new byte[(256 * 1024) + 1]).RefusedAsync(413, ErrorCodes.TooLarge);
        Assert.Null((await ben.Messages.GetAsync(upload.Message!.Id)).Files[0].ThumbnailUrl);

        await ana.Files.SetThumbnailAsync(upload.UploadId, Pictures.Png);

        var url = (await ben.Messages.GetAsync(upload.Message.Id)).Files[0].ThumbnailUrl;
        Assert.StartsWith($"/api/v1/files/{upload.FileId}/thumbnail?v=", url);

        // Only the last one is kept: nobody is charged for them.
        await ana.Files.SetThumbnailAsync(upload.UploadId, Pictures.Png);
        Assert.Equal(url, (await ben.Messages.GetAsync(upload.Message.Id)).Files[0].ThumbnailUrl);
        await ana.Files.SetThumbnailAsync(upload.UploadId, Authorization.Samples.Png);
        await ana.Files.SetThumbnailAsync(upload.UploadId, (byte[])[.. Pictures.Png, 0]);
        var aside = app.Services.GetRequiredService<IBlobStore>().PathOf(upload.FileId) + ".aside";
        Assert.Single(Directory.GetFiles(aside));
        var shown = (await ben.Messages.GetAsync(upload.Message.Id)).Files[0].ThumbnailUrl!;
        Assert.NotEqual(url, shown);
        using var fetched = await app.FetchAsync(ben, shown).AnsweredAsync(200);
        Assert.Equal(Pictures.Png.Length + 1, fetched.Content.Headers.ContentLength);
    }

    private static JsonNode Card(JsonObject told) => told["message"]!["files"]![0]!;
}
