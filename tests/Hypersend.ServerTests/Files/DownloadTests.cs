using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>Ready files on the way out: statuses, headers, ranges.</summary>
public sealed class DownloadTests(App app) : IClassFixture<App>
{
    private readonly byte[] _whole = Bytes.Of((2 * Bytes.Mega) + 12_345);

    [Fact]
    public async Task A_whole_file_comes_with_all_that_is_known_of_it()
    {
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, _whole, "Zürich \"1\".bin");
        using var answer = await app.FetchAsync(ana, id.DownloadPath()).OpenedAsync(200);
        Assert.Equal(_whole, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal($"\"{Bytes.Root(_whole)}\"", answer.Headers.ETag!.ToString());
        Assert.Equal("bytes", Assert.Single(answer.Headers.AcceptRanges));
        Assert.Equal(_whole.Length, answer.Content.Headers.ContentLength);
        Assert.NotNull(answer.Content.Headers.LastModified);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(["attachment; filename=\"Z_rich _1_.bin\"; filename*=UTF-8''Z%C3%BCrich%20_1_.bin"], answer.Content.Headers.GetValues("Content-Disposition"));
        Assert.Equal(["private, no-cache"], answer.Headers.GetValues("Cache-Control").Select(value => string.Join(", ", value.Split(", ").Order(StringComparer.Ordinal).Reverse())));
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["sandbox; default-src 'none'"], answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(["same-origin"], answer.Headers.GetValues("Cross-Origin-Resource-Policy"));
        Assert.False(answer.Headers.Contains("Repr-Digest"));
    }

    [Fact]
    public async Task A_file_of_one_chunk_tells_its_digest_and_an_empty_one_is_a_file_too()
    {
        var ana = await app.SignUpAsync("ana");
        foreach (var bytes in new[] { Bytes.Of(1000), [] })
        {
            var id = await ana.SendFileAsync(null, bytes);
            using var answer = await app.FetchAsync(ana, id.DownloadPath()).OpenedAsync(200);
            Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal([$"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:"], answer.Headers.GetValues("Repr-Digest"));
        }
    }

    [Fact]
    public async Task Head_tells_what_get_would_tell()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var id = await ana.SendFileAsync(chat, _whole);
        await ana.Files.SetThumbnailAsync(id, Authorization.Samples.Png);
        string[] paths = [id.DownloadPath(), $"/api/v1/files/{id}", $"/api/v1/files/{id}/thumbnail", $"/api/v1/chats/{chat}/files.zip"];
        foreach (var path in paths)
        {
            using var get = await app.FetchAsync(ana, path).OpenedAsync(200);
            using var head = await app.FetchAsync(ana, path, HttpMethod.Head).OpenedAsync(200);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            Assert.Equal(Told(get), Told(head));
        }
    }

    [Fact]
    public async Task Random_ranges_are_the_bytes_that_lie_there()
    {
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, _whole);
        var dice = new Dice(20261121);
        for (var round = 0; round < 200; round++)
        {
            var from = dice.Below(_whole.Length);
            var to = Math.Min(_whole.Length - 1, from + dice.Below(dice.OneIn(4) ? _whole.Length : 5000));
            var text = dice.Below(4) switch
            {
                0 when to == _whole.Length - 1 => $"bytes={from}-",
                1 => $"bytes={from}-{to + (to == _whole.Length - 1 ? 1000 : 0)}",
                _ => $"bytes={from}-{to}",
            };
            using var answer = await app.RangeAsync(ana, id, text).OpenedAsync(206);
            Assert.Equal($"bytes {from}-{to}/{_whole.Length}", answer.Content.Headers.ContentRange!.ToString());
            Assert.Equal(to - from + 1, answer.Content.Headers.ContentLength);
            Assert.Equal(_whole[from..(to + 1)], await answer.Content.ReadAsByteArrayAsync());
        }

        using var last = await app.RangeAsync(ana, id, "bytes=-500").OpenedAsync(206);
        Assert.Equal(_whole[^500..], await last.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Several_ranges_come_as_parts_of_one_answer()
    {
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, _whole);
        using var answer = await app.RangeAsync(ana, id, "bytes=5-9,1048570-1048585,-3").OpenedAsync(206);
        var type = answer.Content.Headers.ContentType!;
        Assert.Equal("multipart/byteranges", type.MediaType);
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(answer.Content.Headers.ContentLength, body.Length);
        var boundary = type.Parameters.Single(parameter => parameter.Name == "boundary").Value;
        var expected = new List<byte>();
        foreach (var (from, to) in new[] { (5, 9), (1_048_570, 1_048_585), (_whole.Length - 3, _whole.Length - 1) })
        {
            var head = string.Create(CultureInfo.InvariantCulture, $"{(expected.Count == 0 ? "" : "\r\n")}--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes {from}-{to}/{_whole.Length}\r\n\r\n");
            expected.AddRange(System.Text.Encoding.ASCII.GetBytes(head));
            expected.AddRange(_whole[from..(to + 1)]);
        }

        expected.AddRange(System.Text.Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"));
        Assert.Equal(expected, body);
    }

    [Fact]
    public async Task Conditions_decide_before_ranges()
    {
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, _whole);
        using var first = await app.FetchAsync(ana, id.DownloadPath(), HttpMethod.Head);
        var (tag, modified) = (first.Headers.ETag!.ToString(), first.Content.Headers.LastModified!.Value.ToString("R"));
        async Task<HttpResponseMessage> Ask(int status, params (string, string)[] headers) =>
            await app.FetchAsync(ana, id.DownloadPath(), null, headers).OpenedAsync(status);

        using var unchanged = await Ask(304, ("If-None-Match", "\"other\", " + tag));
        Assert.Equal(tag, unchanged.Headers.ETag!.ToString());
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync());
        (await Ask(304, ("If-Modified-Since", modified))).Dispose();
        (await Ask(304, ("If-None-Match", tag), ("Range", "bytes=0-1"))).Dispose();
        (await Ask(200, ("If-None-Match", "\"other\""))).Dispose();
        (await Ask(206, ("If-Range", tag), ("Range", "bytes=0-1"))).Dispose();
        (await Ask(206, ("If-Range", modified), ("Range", "bytes=0-1"))).Dispose();
        (await Ask(206, ("If-Range", $"\"{id}\""), ("Range", "bytes=0-1"))).Dispose();
        (await Ask(200, ("If-Range", "\"other\""), ("Range", "bytes=0-1"))).Dispose();
        await app.FetchAsync(ana, id.DownloadPath(), null, ("If-Match", "\"other\"")).RefusedAsync(412, ErrorCodes.PreconditionFailed);
        using var nowhere = await Ask(416, ("Range", $"bytes={_whole.Length}-"));
        Assert.Equal($"bytes */{_whole.Length}", nowhere.Content.Headers.ContentRange!.ToString());
        await app.RangeAsync(ana, id, $"bytes={_whole.Length}-").RefusedAsync(416, ErrorCodes.RangeNotSatisfiable);
        (await Ask(200, ("Range", "pages=1-2"))).Dispose();
        (await Ask(200, ("Range", "bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16"))).Dispose();
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("application/json", true)]
    [InlineData("application/json, text/plain, */*", true)]
    [InlineData("application/json;q=0.5, */*", false)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false)]
    [InlineData("image/avif,image/webp,*/*", false)]
    public async Task The_bare_address_gives_metadata_to_who_names_json(string? accept, bool isMetadata)
    {
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, Bytes.Of(10));
        using var answer = await app.FetchAsync(ana, $"/api/v1/files/{id}", null, accept is null ? [] : [("Accept", accept)]).OpenedAsync(200);
        Assert.Equal(isMetadata ? "application/json" : "application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["Accept"], answer.Headers.Vary);
    }

    [Fact]
    public async Task Only_what_cannot_run_is_shown_in_place()
    {
        var ana = await app.SignUpAsync("ana");
        var picture = await ana.SendFileAsync(null, Authorization.Samples.Png, "a.png");
        var page = await ana.SendFileAsync(null, "<!doctype html><script>alert(1)</script>"u8.ToArray(), "a.html");
        foreach (var (id, query, expected) in new[] { (picture, "?inline=1", "inline"), (picture, "", "attachment"), (page, "?inline=1", "attachment") })
        {
            using var answer = await app.FetchAsync(ana, id.DownloadPath() + query).OpenedAsync(200);
            Assert.StartsWith(expected, Assert.Single(answer.Content.Headers.GetValues("Content-Disposition")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_address_that_names_the_bytes_may_be_kept_and_the_media_cookie_opens_it()
    {
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, _whole);
        using var signIn = await app.SendAsync(HttpMethod.Post, "/api/v1/auth/login", $$"""{"login":"{{ana.Username}}","password":"{{ana.Password}}","session":"cookie"}""");
        var cookie = signIn.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("hs_media=", StringComparison.Ordinal)).Split(';')[0];
        using var named = await app.FetchAsync(null, $"{id.DownloadPath()}?v={Bytes.Root(_whole)[..16]}", null, ("Cookie", cookie)).OpenedAsync(200);
        Assert.Contains("immutable", named.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var wrong = await app.FetchAsync(null, $"{id.DownloadPath()}?v=0000000000000000", null, ("Cookie", cookie)).OpenedAsync(200);
        Assert.DoesNotContain("immutable", wrong.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        await app.FetchAsync(null, id.DownloadPath()).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        await app.FetchAsync(null, $"/api/v1/files/{id}/meta", null, ("Cookie", cookie)).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        await app.FetchAsync(null, $"/api/v1/files/{id}", null, ("Cookie", cookie), ("Accept", "application/json")).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        using var anything = await app.FetchAsync(null, $"/api/v1/files/{id}", null, ("Cookie", cookie), ("Accept", "*/*")).OpenedAsync(200);
    }

    [Fact]
    public async Task A_thumbnail_is_small_and_kept_by_its_name()
    {
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, _whole);
        await app.FetchAsync(ana, $"/api/v1/files/{id}/thumbnail").RefusedAsync(404, ErrorCodes.NotFound);
        await ana.Files.SetThumbnailAsync(id, Authorization.Samples.Png);
        var url = (await ana.Files.GetAsync(id)).ThumbnailUrl!;
        using var answer = await app.FetchAsync(ana, url).OpenedAsync(200);
        Assert.Equal(Authorization.Samples.Png, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        (await app.FetchAsync(ana, url, null, ("If-None-Match", answer.Headers.ETag!.ToString())).OpenedAsync(304)).Dispose();
    }

    [Fact]
    public async Task Strangers_cannot_tell_a_file_from_none_on_any_path()
    {
        var ana = await app.SignUpAsync("ana");
        var eve = await app.SignUpAsync("eve");
        var chat = await app.GroupAsync(ana);
        var id = await ana.SendFileAsync(chat, _whole);
        await ana.Files.SetThumbnailAsync(id, Authorization.Samples.Png);
        var none = new FileId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        var nowhere = new ChatId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        string[] paths =
        [
            "/api/v1/files/{0}", "/api/v1/files/{0}/download", "/api/v1/files/{0}/download?inline=1", "/api/v1/files/{0}/thumbnail",
            "/api/v1/files/{0}/url", "/api/v1/files/{0}/meta", "/api/v1/files/{0}/chunks", "/api/v1/chats/{1}/files.zip", "/api/v1/chats/{1}/files.zip?ids={0}",
        ];
        foreach (var path in paths)
        {
            foreach (var range in new[] { "bytes=0-1", "bytes=99999999999-" })
            {
                var there = await app.FetchAsync(eve, string.Format(CultureInfo.InvariantCulture, path, id, chat), null, ("Range", range)).RefusedAsync(404, ErrorCodes.NotFound);
                var missing = await app.FetchAsync(eve, string.Format(CultureInfo.InvariantCulture, path, none, nowhere), null, ("Range", range)).RefusedAsync(404, ErrorCodes.NotFound);
                Assert.Equal(missing with { TraceId = "" }, there with { TraceId = "", Hints = missing.Hints });
            }
        }
    }

    [Fact]
    public async Task A_deleted_file_is_gone_for_who_could_see_it()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var id = await ana.SendFileAsync(await app.GroupAsync(ana, ben), _whole);
        await ana.Files.DeleteAsync(id);
        foreach (var path in new[] { id.DownloadPath(), $"/api/v1/files/{id}", $"/api/v1/files/{id}/url" })
            await app.FetchAsync(ben, path).RefusedAsync(410, ErrorCodes.FileGone);
    }

    private static string[] Told(HttpResponseMessage answer) =>
        [.. answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "X-Request-ID"))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal)];
}
