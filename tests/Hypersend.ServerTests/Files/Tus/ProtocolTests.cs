using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.ServerTests.Fixture;
using static Hypersend.ServerTests.Files.Tus.TusStage;

namespace Hypersend.ServerTests.Files.Tus;

/// <summary>tus 1.0 line by line: core and creation.</summary>
public sealed class ProtocolTests(TusStage tus) : IClassFixture<TusStage>
{
    [Fact]
    public async Task Anybody_may_ask_what_is_spoken_here()
    {
        foreach (var path in new[] { "/api/v1/tus", "/api/v1/tus/01920000-0000-7000-8000-000000000000" })
        {
            using var answer = await tus.App.SendAsync(HttpMethod.Options, path).AnsweredAsync(204);
            Assert.Equal("1.0.0", Header(answer, "Tus-Resumable"));
            Assert.Equal("1.0.0", Header(answer, "Tus-Version"));
            Assert.Equal("1073741824", Header(answer, "Tus-Max-Size"));
            Assert.Equal("sha256,sha1,md5", Header(answer, "Tus-Checksum-Algorithm"));
            Assert.Equal(
                ["checksum", "concatenation", "creation", "creation-defer-length", "creation-with-upload", "expiration", "termination"],
                Header(answer, "Tus-Extension")!.Split(',').Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task An_upload_goes_from_its_creation_to_a_file()
    {
        var bytes = Some(3 * Chunk + 12_345);
        var metadata = Meta(("filename", "Grüße.bin"), ("filetype", "application/x-thing"));
        using var created = await tus.SendAsync("POST", TusStage.Door, null, ("Upload-Length", Text(bytes.Length)), ("Upload-Metadata", metadata)).AnsweredAsync(201);
        Assert.Equal("1.0.0", Header(created, "Tus-Resumable"));
        Assert.True(created.Content.Headers.TryGetValues("Expires", out _) || Header(created, "Upload-Expires") is { Length: > 0 });
        var url = created.Headers.Location!.ToString();
        Assert.StartsWith("/api/v1/tus/", url, StringComparison.Ordinal);

        using (var looked = await tus.SendAsync("HEAD", url).AnsweredAsync(200))
        {
            Assert.Equal("0", Header(looked, "Upload-Offset"));
            Assert.Equal(Text(bytes.Length), Header(looked, "Upload-Length"));
            Assert.Equal(metadata, Header(looked, "Upload-Metadata"));
            Assert.Equal("no-store", Header(looked, "Cache-Control"));
            Assert.Null(Header(looked, "Hypersend-File-Id"));
            Assert.Null(Header(looked, "Upload-Defer-Length"));
        }

        // In pieces that end in the middle of chunks, at their ends, and over several.
        var at = 0;
        foreach (var length in new[] { 1, 70_000, Chunk - 70_001, Chunk / 2, Chunk, 0, bytes.Length - 2 * Chunk - Chunk / 2 })
        {
            using var grown = await tus.PatchAsync(url, at, bytes[at..(at + length)]).AnsweredAsync(204);
            at += length;
            Assert.Equal(Text(at), Header(grown, "Upload-Offset"));
            Assert.Equal("1.0.0", Header(grown, "Tus-Resumable"));
            Assert.Equal(at == bytes.Length ? IdOf(url).ToString() : null, Header(grown, "Hypersend-File-Id"));
            Assert.Equal(at < bytes.Length, Header(grown, "Upload-Expires") is not null);
            Assert.Equal(at, await tus.OffsetAsync(url));
        }

        using var done = await tus.SendAsync("HEAD", url).AnsweredAsync(200);
        Assert.Equal(IdOf(url).ToString(), Header(done, "Hypersend-File-Id"));
        await tus.ShouldBeAsync(IdOf(url), bytes);
        var file = await tus.Ana.Files.GetAsync(IdOf(url));
        Assert.Equal(("Grüße.bin", "application/x-thing"), (file.Filename, file.Mime));
        using var again = await tus.PatchAsync(url, bytes.Length, []).AnsweredAsync(204);
    }

    [Fact]
    public async Task Nothing_is_a_file_too()
    {
        var url = await tus.CreateAsync(0, ("Upload-Metadata", Meta(("filename", "nothing"))));
        await tus.ShouldBeAsync(IdOf(url), []);
    }

    [Fact]
    public async Task The_first_bytes_may_come_with_the_creation()
    {
        var bytes = Some(Chunk + 5);
        using var created = await tus.SendAsync("POST", TusStage.Door, bytes[..100], ("Upload-Length", Text(bytes.Length))).AnsweredAsync(201);
        Assert.Equal("100", Header(created, "Upload-Offset"));
        var url = created.Headers.Location!.ToString();
        using var rest = await tus.PatchAsync(url, 100, bytes[100..]).AnsweredAsync(204);
        await tus.ShouldBeAsync(IdOf(url), bytes);

        using var whole = await tus.SendAsync("POST", TusStage.Door, bytes, ("Upload-Length", Text(bytes.Length))).AnsweredAsync(201);
        Assert.Equal(Text(bytes.Length), Header(whole, "Upload-Offset"));
        var id = IdOf(whole.Headers.Location!.ToString());
        Assert.Equal(id.ToString(), Header(whole, "Hypersend-File-Id"));
        await tus.ShouldBeAsync(id, bytes);
    }

    [Fact]
    public async Task The_length_may_be_said_later()
    {
        var bytes = Some(2 * Chunk + 77);
        var url = await tus.CreateAsync(null);
        using (var looked = await tus.SendAsync("HEAD", url).AnsweredAsync(200))
        {
            Assert.Equal("1", Header(looked, "Upload-Defer-Length"));
            Assert.Null(Header(looked, "Upload-Length"));
        }

        using (await tus.PatchAsync(url, 0, bytes[..1000]).AnsweredAsync(204))
        using (await tus.PatchAsync(url, 1000, bytes[1000..Chunk], ("Upload-Length", Text(bytes.Length))).AnsweredAsync(204))
            await tus.PatchAsync(url, Chunk, [], ("Upload-Length", Text(bytes.Length + 1))).RefusedAsync(400, ErrorCodes.MalformedRequest);
        using (await tus.PatchAsync(url, Chunk, bytes[Chunk..]).AnsweredAsync(204))
            await tus.ShouldBeAsync(IdOf(url), bytes, 64 << 20);

        // Also when everything is here already.
        var other = await tus.CreateAsync(null);
        using (await tus.PatchAsync(other, 0, bytes).AnsweredAsync(204))
            await tus.PatchAsync(other, bytes.Length, [], ("Upload-Length", "5")).RefusedAsync(400, ErrorCodes.MalformedRequest);
        using var last = await tus.PatchAsync(other, bytes.Length, [], ("Upload-Length", Text(bytes.Length))).AnsweredAsync(204);
        Assert.Equal(IdOf(other).ToString(), Header(last, "Hypersend-File-Id"));
        await tus.ShouldBeAsync(IdOf(other), bytes, 64 << 20);
    }

    [Fact]
    public async Task Any_other_version_is_told_which_one_there_is()
    {
        var url = await tus.CreateAsync(10);
        foreach (var version in new[] { null, "0.2.2", "1.0.1" })
        {
            foreach (var (method, path) in new[] { ("POST", TusStage.Door), ("HEAD", url), ("PATCH", url), ("DELETE", url) })
            {
                using var refused = await tus.SendAsync(method, path, method == "PATCH" ? [1] : null, ("Tus-Resumable", version), ("Upload-Length", "5"), ("Upload-Offset", "0"))
                    .AnsweredAsync(412);
                Assert.Equal("1.0.0", Header(refused, "Tus-Version"));
            }
        }

        Assert.Equal(0, await tus.OffsetAsync(url));
    }

    [Fact]
    public async Task What_is_no_creation_is_refused()
    {
        (int Status, string Code, (string, string?)[] Headers)[] cases =
        [
            (400, ErrorCodes.MalformedRequest, []),
            (400, ErrorCodes.MalformedRequest, [("Upload-Length", "-1")]),
            (400, ErrorCodes.MalformedRequest, [("Upload-Length", "1e3")]),
            (400, ErrorCodes.MalformedRequest, [("Upload-Length", "99999999999999999999")]),
            (400, ErrorCodes.MalformedRequest, [("Upload-Length", "5"), ("Upload-Defer-Length", "1")]),
            (400, ErrorCodes.MalformedRequest, [("Upload-Defer-Length", "2")]),
            (413, ErrorCodes.FileTooLarge, [("Upload-Length", "1073741825")]),
            (400, ErrorCodes.MalformedRequest, [("Upload-Length", "5"), ("Upload-Metadata", "filename !!!")]),
            (400, ErrorCodes.MalformedRequest, [("Upload-Length", "5"), ("Upload-Metadata", "filename YQ==,filename YQ==")]),
            (400, ErrorCodes.MalformedRequest, [("Upload-Length", "5"), ("Upload-Metadata", "filename /w==")]),
            (400, ErrorCodes.MalformedRequest, [("Upload-Length", "5"), ("Upload-Metadata", "a b c")]),
            (422, ErrorCodes.InvalidFilename, [("Upload-Length", "5"), ("Upload-Metadata", Meta(("filename", "\u202e")))]),
            (422, ErrorCodes.ValidationFailed, [("Upload-Length", "5"), ("Upload-Metadata", Meta(("chat_id", "no id")))]),
            (422, ErrorCodes.ValidationFailed, [("Upload-Length", "5"), ("Upload-Metadata", Meta(("retention", "for ever")))]),
            (404, ErrorCodes.NotFound, [("Upload-Length", "5"), ("Upload-Metadata", Meta(("chat_id", "01920000-0000-7000-8000-000000000000")))]),
            (400, ErrorCodes.MalformedRequest, [("Upload-Concat", "whatever"), ("Upload-Length", "5")]),
        ];
        foreach (var (status, code, headers) in cases)
            await tus.SendAsync("POST", TusStage.Door, null, headers).RefusedAsync(status, code);
        await tus.SendAsync("POST", TusStage.Door, Some(6), ("Upload-Length", "5")).RefusedAsync(413, ErrorCodes.FileTooLarge);
        await tus.SendAsync("POST", TusStage.Door, Some(5), ("Upload-Length", "5"), ("Content-Type", "text/plain")).RefusedAsync(415, ErrorCodes.UnsupportedMediaType);
        Assert.DoesNotContain((await tus.Ana.Files.ListAsync()).Items, file => file.Size == 5);
    }

    [Fact]
    public async Task What_is_no_piece_of_the_upload_is_refused_and_changes_nothing()
    {
        var bytes = Some(1000);
        var url = await tus.CreateAsync(bytes.Length);
        using (await tus.PatchAsync(url, 0, bytes[..500]).AnsweredAsync(204))
            await tus.PatchAsync(url, 0, bytes[..500]).RefusedAsync(409, ErrorCodes.OffsetMismatch);
        await tus.PatchAsync(url, 501, bytes[501..]).RefusedAsync(409, ErrorCodes.OffsetMismatch);
        await tus.PatchAsync(url, 500, bytes[499..]).RefusedAsync(413, ErrorCodes.FileTooLarge);
        await tus.PatchAsync(url, 500, bytes[500..], ("Upload-Offset", null)).RefusedAsync(400, ErrorCodes.MalformedRequest);
        await tus.PatchAsync(url, 500, bytes[500..], ("Upload-Offset", "x")).RefusedAsync(400, ErrorCodes.MalformedRequest);
        await tus.PatchAsync(url, 500, bytes[500..], ("Upload-Offset", "-500")).RefusedAsync(400, ErrorCodes.MalformedRequest);
        await tus.PatchAsync(url, 500, bytes[500..], ("Content-Type", "application/octet-stream")).RefusedAsync(415, ErrorCodes.UnsupportedMediaType);
        await tus.PatchAsync(url, 500, bytes[500..], ("Content-Type", null)).RefusedAsync(415, ErrorCodes.UnsupportedMediaType);
        await tus.PatchAsync("/api/v1/tus/01920000-0000-7000-8000-000000000000", 0, bytes).RefusedAsync(404, ErrorCodes.NotFound);
        Assert.Equal(500, await tus.OffsetAsync(url));
        using (await tus.PatchAsync(url, 500, bytes[500..]).AnsweredAsync(204))
            await tus.ShouldBeAsync(IdOf(url), bytes);
        await tus.PatchAsync(url, 1000, [1]).RefusedAsync(413, ErrorCodes.FileTooLarge);
    }

    [Fact]
    public async Task A_network_without_PATCH_and_DELETE_is_served_too()
    {
        var bytes = Some(10);
        var url = await tus.CreateAsync(bytes.Length);
        using (await tus.SendAsync("POST", url, bytes[..4], ("X-HTTP-Method-Override", "PATCH"), ("Upload-Offset", "0")).AnsweredAsync(204))
            Assert.Equal(4, await tus.OffsetAsync(url));
        using (await tus.SendAsync("POST", url, null, ("X-HTTP-Method-Override", "DELETE")).AnsweredAsync(204))
            await tus.PatchAsync(url, 4, bytes[4..]).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task What_was_given_up_is_gone_and_so_is_a_file_that_was_deleted()
    {
        var url = await tus.CreateAsync(10);
        using (await tus.SendAsync("DELETE", url).AnsweredAsync(204))
        using (await tus.SendAsync("HEAD", url).AnsweredAsync(404))
            await tus.SendAsync("DELETE", url).RefusedAsync(404, ErrorCodes.NotFound);
        var whole = await tus.CreateAsync(0);
        using (await tus.SendAsync("DELETE", whole).AnsweredAsync(204))
            Assert.Equal(FileStates.Removed, (await tus.Ana.Files.GetAsync(IdOf(whole))).State);
    }

    [Fact]
    public async Task An_upload_is_its_owners_and_so_is_the_token_that_came_with_it()
    {
        var bytes = Some(10);
        using var created = await tus.SendAsync("POST", TusStage.Door, null, ("Upload-Length", "10")).AnsweredAsync(201);
        var url = created.Headers.Location!.ToString();
        var token = "Bearer " + Header(created, "Hypersend-Upload-Token");
        using (await tus.PatchAsync(url, 0, bytes[..5], ("Authorization", token)).AnsweredAsync(204))
            await tus.SendAsync("POST", TusStage.Door, null, ("Upload-Length", "10"), ("Authorization", token)).RefusedAsync(401, ErrorCodes.InvalidToken);
        await tus.PatchAsync(await tus.CreateAsync(10), 0, bytes, ("Authorization", token)).RefusedAsync(404, ErrorCodes.NotFound);
        var eve = await tus.App.SignUpAsync("eve");
        foreach (var method in new[] { "HEAD", "PATCH", "DELETE" })
        {
            using var refused = await tus.SendAsync(eve, method, url, method == "PATCH" ? bytes[5..] : null, ("Upload-Offset", "5"));
            Assert.Equal(404, (int)refused.StatusCode);
        }

        await tus.SendAsync("POST", TusStage.Door, null, ("Authorization", null), ("Upload-Length", "10")).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        Assert.Equal(5, await tus.OffsetAsync(url));
    }

    [Fact]
    public async Task Chunks_do_not_go_into_an_upload_by_tus_nor_the_other_way_round()
    {
        var url = await tus.CreateAsync(10);
        await tus.Ana.Files.SendChunkAsync(IdOf(url), 0, Some(10)).RefusedAsync(409, ErrorCodes.UploadClosed);
        var upload = await tus.Ana.Files.InitAsync(new InitUploadRequest { Filename = "x", Size = 10 });
        await tus.PatchAsync($"/api/v1/tus/{upload.UploadId}", 0, Some(10)).RefusedAsync(404, ErrorCodes.NotFound);
    }
}
