using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.ServerTests.Fixture;
using static Hypersend.ServerTests.Files.Tus.TusStage;

namespace Hypersend.ServerTests.Files.Tus;

/// <summary>A file by tus is a file like any other: in its chat, in the books, under the same limits.</summary>
public sealed class SharingTests(TusStage tus) : IClassFixture<TusStage>
{
    [Fact]
    public async Task The_message_is_there_from_the_creation_on_and_ready_with_the_last_byte()
    {
        var ben = await tus.App.SignUpAsync("ben");
        var chat = await tus.Ana.DirectAsync(ben);
        var bytes = Some(Chunk + 3);
        var url = await tus.CreateAsync(
            bytes.Length, ("Upload-Metadata", Meta(("filename", "a.bin"), ("chat_id", chat.ToString()), ("caption", "look"), ("retention", """{"mode":"downloads","count":3}"""))));
        var message = (await ben.HistoryAsync(chat))[^1];
        Assert.Equal(("look", FileStates.Uploading), (message.Content, Assert.Single(message.Files).State));
        using (await tus.PatchAsync(url, 0, bytes).AnsweredAsync(204))
            message = (await ben.HistoryAsync(chat))[^1];
        var file = Assert.Single(message.Files);
        Assert.Equal((FileStates.Ready, RootOf(bytes), 3), (file.State, file.Sha256Root, file.Retention.Count));
    }

    [Fact]
    public async Task The_first_bytes_say_what_it_is()
    {
        var url = await tus.CreateAsync(Authorization.Samples.Png.Length, ("Upload-Metadata", Meta(("filename", "x.txt"), ("filetype", "text/plain"))));
        using (await tus.PatchAsync(url, 0, Authorization.Samples.Png[..3]).AnsweredAsync(204))
        using (await tus.PatchAsync(url, 3, Authorization.Samples.Png[3..]).AnsweredAsync(204))
            Assert.Equal("image/png", (await tus.Ana.Files.GetAsync(IdOf(url))).Mime);
    }

    [Fact]
    public async Task The_quota_holds_also_for_what_has_no_length_yet()
    {
        await using var app = await App.StartAsync($"--CHUNK_SIZE={Chunk}");
        var admin = await app.SignUpAsync("admin");
        var ana = await app.SignUpAsync("ana");
        await admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { QuotaBytes = 1000 });
        await tus.SendAsync(ana, "POST", app.Address + "api/v1/tus", null, ("Upload-Length", "1001")).RefusedAsync(507, ErrorCodes.QuotaExceeded);
        using var created = await tus.SendAsync(ana, "POST", app.Address + "api/v1/tus", null, ("Upload-Defer-Length", "1")).AnsweredAsync(201);
        var url = new Uri(app.Address, created.Headers.Location!).ToString();
        using (await tus.SendAsync(ana, "PATCH", url, Some(900), ("Upload-Offset", "0")).AnsweredAsync(204))
            await tus.SendAsync(ana, "PATCH", url, Some(101), ("Upload-Offset", "900")).RefusedAsync(507, ErrorCodes.QuotaExceeded);
        await tus.SendAsync(ana, "PATCH", url, Some(1), ("Upload-Offset", "900"), ("Upload-Length", "1001")).RefusedAsync(507, ErrorCodes.QuotaExceeded);
        using (await tus.SendAsync(ana, "PATCH", url, Some(100), ("Upload-Offset", "900"), ("Upload-Length", "1000")).AnsweredAsync(204))
            Assert.Equal(1000, (await ana.Files.GetUsageAsync()).UsedBytes);
    }

    [Fact]
    public async Task Other_origins_of_the_list_may_read_what_a_client_of_tus_needs()
    {
        await using var app = await App.StartAsync("--CORS_ORIGINS=https://app.example.org");
        using var preflight = await app.SendAsync(
            HttpMethod.Options, "/api/v1/tus/01920000-0000-7000-8000-000000000000", null, ("Origin", "https://app.example.org"), ("Access-Control-Request-Method", "PATCH"),
            ("Access-Control-Request-Headers", "authorization,tus-resumable,upload-offset,upload-length,upload-metadata,upload-checksum,upload-concat,content-type,x-http-method-override"));
        Assert.Equal("https://app.example.org", Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Contains("PATCH", Header(preflight, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("upload-checksum", Header(preflight, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        using var answer = await app.SendAsync(HttpMethod.Options, "/api/v1/tus", null, ("Origin", "https://app.example.org")).AnsweredAsync(204);
        var exposed = Header(answer, "Access-Control-Expose-Headers")!;
        foreach (var name in new[] { "Location", "Upload-Offset", "Upload-Length", "Upload-Expires", "Upload-Concat", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Hypersend-File-Id" })
            Assert.Contains(name, exposed, StringComparison.Ordinal);
    }
}
