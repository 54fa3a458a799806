using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>A web server in front that sends the bytes in our place.</summary>
[PlainFolder("nginx sends nothing else by itself")]
public sealed class HandOverTests
{
    [Fact]
    public async Task Ready_files_are_named_to_the_server_in_front_and_the_others_are_sent()
    {
        await using var app = await App.StartAsync("--ACCEL_REDIRECT=/protected/");
        var (ana, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("eve"));
        var whole = Bytes.Of(1000);
        var id = await ana.SendFileAsync(null, whole, "a b.bin");
        using var answer = await app.FetchAsync(ana, id.DownloadPath()).OpenedAsync(200);
        var path = Assert.Single(answer.Headers.GetValues("X-Accel-Redirect"));
        Assert.StartsWith("/protected/", path, StringComparison.Ordinal);
        Assert.Equal(whole, await File.ReadAllBytesAsync(Uri.UnescapeDataString(path["/protected".Length..])));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.ToString());
        await app.FetchAsync(eve, id.DownloadPath()).RefusedAsync(404, ErrorCodes.NotFound);

        var upload = await ana.BeginAsync(null, whole.Length);
        await ana.SendAsync(upload, whole, 0);
        using var coming = await app.FetchAsync(ana, upload.FileId.DownloadPath()).OpenedAsync(200);
        Assert.False(coming.Headers.Contains("X-Accel-Redirect"));
        Assert.Equal(whole, await coming.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_range_is_left_to_the_server_in_front()
    {
        await using var app = await App.StartAsync("--ACCEL_REDIRECT=/protected");
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, Bytes.Of(1000));
        using var answer = await app.RangeAsync(ana, id, "bytes=5-9").OpenedAsync(200);
        Assert.True(answer.Headers.Contains("X-Accel-Redirect"));
        Assert.Null(answer.Content.Headers.ContentRange);
    }

    [Fact]
    public async Task Who_goes_on_by_a_tag_of_ours_gets_the_rest_from_us_for_the_server_in_front_has_another()
    {
        await using var app = await App.StartAsync("--ACCEL_REDIRECT=/protected");
        var ana = await app.SignUpAsync("ana");
        var whole = Bytes.Of(1000);
        var id = await ana.SendFileAsync(null, whole);
        using var head = await app.FetchAsync(ana, id.DownloadPath(), HttpMethod.Head).OpenedAsync(200);
        foreach (var tag in (string[])[head.Headers.ETag!.ToString(), $"\"{id}\""])
        {
            using var rest = await app.RangeAsync(ana, id, "bytes=990-", ("If-Range", tag)).OpenedAsync(206);
            Assert.False(rest.Headers.Contains("X-Accel-Redirect"));
            Assert.Equal(whole[990..], await rest.Content.ReadAsByteArrayAsync());
        }

        // Its own one it knows by itself.
        using var theirs = await app.RangeAsync(ana, id, "bytes=990-", ("If-Range", "\"6b03749c-895440\"")).OpenedAsync(200);
        Assert.True(theirs.Headers.Contains("X-Accel-Redirect"));
    }
}
