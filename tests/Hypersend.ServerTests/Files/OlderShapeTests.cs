using System.Text.Json.Nodes;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>Files as clients of before send them: chunks as parts of a form, and whole files in one.</summary>
public sealed class OlderShapeTests(App app) : IClassFixture<App>
{
    private const int Chunk = FileCalls.Chunk;
    private const string Shape = "/api/v1/files/upload/";

    [Fact]
    public async Task A_file_arrives_by_the_older_calls()
    {
        var ana = await app.SignUpAsync("ana");
        var bytes = FileCalls.Bytes(Chunk + 5);
        var begun = JsonNode.Parse(await TextOfAsync(ana.PostAsync(
            Shape + "init", $$"""{"filename":"film.mkv","file_size":{{bytes.Length}},"content_type":"video/x-matroska","chunk_size":{{Chunk}}}"""), 201))!;
        Assert.Equal((2, 2), ((int)begun["chunk_count"]!, (int)begun["total_chunks"]!));
        var id = (string)begun["upload_id"]!;

        await SendAsync(ana, id, "1", bytes[Chunk..]).AnsweredAsync(200);
        await SendAsync(ana, id, "0", bytes[..Chunk]).AnsweredAsync(200);
        await SendAsync(ana, id, "0", bytes[..Chunk]).AnsweredAsync(200);
        var done = JsonNode.Parse(await TextOfAsync(ana.PostAsync(Shape + "complete", $$"""{"upload_id":"{{id}}"}"""), 200))!;

        Assert.Equal("completed", (string?)done["status"]);
        Assert.Equal(bytes, await app.StoredAsync(FileId.Parse(id, null)));
    }

    [Fact]
    public async Task A_form_that_is_none_or_says_too_little_is_refused()
    {
        var ana = await app.SignUpAsync("ana");
        var id = (await ana.BeginAsync(10)).UploadId.ToString();

        await ana.PostAsync(Shape + "chunk").RefusedAsync(415, ErrorCodes.UnsupportedMediaType);
        await SendAsync(ana, id, "x", new byte[10]).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await SendAsync(ana, id, "1", new byte[10]).RefusedAsync(422, ErrorCodes.ChunkOutOfRange);
        await SendAsync(ana, id, "0", new byte[9]).RefusedAsync(422, ErrorCodes.WrongLength);
        await SendAsync(ana, id, "0", new byte[11]).RefusedAsync(422, ErrorCodes.WrongLength);
        await SendAsync(ana, "nonsense", "0", new byte[10]).RefusedAsync(404, ErrorCodes.NotFound);
        await PostFormAsync(ana, Shape + "chunk", new MultipartFormDataContent { { new StringContent(id), "upload_id" } }).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await PostFormAsync(ana, Shape + "chunk", new MultipartFormDataContent { { new ByteArrayContent(new byte[10]), "chunk", "blob" } }).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await PostFormAsync(ana, Shape + "chunk", new MultipartFormDataContent { { new StringContent(new string('x', 5000)), "upload_id" } }).RefusedAsync(400, ErrorCodes.MalformedRequest);
        var broken = new ByteArrayContent("--line\r\nContent-Disposition: form-data; name=\"chunk\"; filename=\"a\"\r\n\r\nhalf"u8.ToArray());
        broken.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=line");
        await ana.SendAsync(HttpMethod.Post, Shape + "chunk", broken).RefusedAsync(422, ErrorCodes.ValidationFailed);
        var cut = new ByteArrayContent("--line\r\nContent-Disposition: form-data; name=\"upload_id\"\r\n\r\nhalf"u8.ToArray());
        cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=line");
        var problem = await ana.SendAsync(HttpMethod.Post, Shape + "chunk", cut).RefusedAsync(400, ErrorCodes.MalformedRequest);
        Assert.Equal("The form breaks off before its end.", problem.Detail);
        await ana.PostAsync(Shape + "complete").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync(Shape + "complete", $$"""{"upload_id":"{{id}}","sha256_root":"zz"}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync(Shape + "init", """{"file_size":1}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync(Shape + "init", """{"filename":"a","file_size":-1}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        Assert.Empty((await ana.Files.GetStatusAsync(FileId.Parse(id, null))).Received);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData((64 << 20) + 1)]
    public async Task A_whole_file_comes_in_one_form(int length)
    {
        var ana = await app.SignUpAsync("ana");
        var bytes = FileCalls.Bytes(length);
        using var form = new MultipartFormDataContent { { new StringContent("some room"), "room_id" }, { new ByteArrayContent(bytes), "file", "a name.bin" } };

        var answer = JsonNode.Parse(await TextOfAsync(ana.SendAsync(HttpMethod.Post, "/api/upload-file", form), 200))!;

        Assert.Equal(("a name.bin", length, "document"), ((string?)answer["file_name"], (int)answer["file_size"]!, (string?)answer["message_type"]));
        var stored = await app.StoredAsync(FileId.Parse((string)answer["file_id"]!, null));
        Assert.True(bytes.SequenceEqual(stored));
        Assert.EndsWith((string)answer["file_id"]! + "/download", (string?)answer["file_url"]);
        foreach (var name in new[] { $"{answer["file_id"]}", $"{answer["file_id"]}.bin" })
        {
            using var fetched = await ana.SendAsync(HttpMethod.Get, "/api/files/" + name).AnsweredAsync(200);
            Assert.Equal(bytes, await fetched.Content.ReadAsByteArrayAsync());
        }

        await ana.SendAsync(HttpMethod.Get, "/api/files/another.bin").RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task A_picture_is_one_by_its_bytes_and_what_is_none_leaves_nothing_behind()
    {
        var ana = await app.SignUpAsync("ana");
        var answer = JsonNode.Parse(await TextOfAsync(FileAsync(ana, "/api/upload-image", "picture.png", Pictures.Png), 200))!;
        Assert.Equal(("image/png", "image"), ((string?)answer["mime_type"], (string?)answer["message_type"]));

        await FileAsync(ana, "/api/upload-image", "picture.png", Pictures.Html).RefusedAsync(415, ErrorCodes.UnsupportedImage);
        await FileAsync(ana, "/api/upload-file", "..", Pictures.Png).RefusedAsync(422, ErrorCodes.InvalidFilename);
        await PostFormAsync(ana, "/api/upload-file", new MultipartFormDataContent { { new StringContent("no file"), "text" } }).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync("/api/upload-file").RefusedAsync(415, ErrorCodes.UnsupportedMediaType);
        var broken = new ByteArrayContent("--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf"u8.ToArray());
        broken.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=line");
        await ana.SendAsync(HttpMethod.Post, "/api/upload-file", broken).RefusedAsync(400, ErrorCodes.MalformedRequest);

        var usage = await ana.Files.GetUsageAsync();
        Assert.Equal((1, Pictures.Png.Length), (usage.Files, usage.UsedBytes));
        Assert.Equal(FileStates.Ready, Assert.Single((await ana.Files.ListAsync()).Items).State);
        await FileBooks.CheckAsync(app);
        await FileBooks.NoOrphanAsync(app);
    }

    private static Task<HttpResponseMessage> SendAsync(Person person, string upload, string number, byte[] bytes) => PostFormAsync(
        person,
        Shape + "chunk",
        new MultipartFormDataContent { { new StringContent(upload), "upload_id" }, { new StringContent(number), "chunk_number" }, { new ByteArrayContent(bytes), "chunk", "blob" } });

    private static Task<HttpResponseMessage> FileAsync(Person person, string path, string name, byte[] bytes) =>
        PostFormAsync(person, path, new MultipartFormDataContent { { new ByteArrayContent(bytes), "file", name } });

    private static Task<HttpResponseMessage> PostFormAsync(Person person, string path, HttpContent form) => person.SendAsync(HttpMethod.Post, path, form);

    private static async Task<string> TextOfAsync(Task<HttpResponseMessage> call, int status)
    {
        using var answer = await call.AnsweredAsync(status);
        return await answer.Content.ReadAsStringAsync();
    }
}
