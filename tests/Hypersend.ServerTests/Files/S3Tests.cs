using System.Globalization;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Server;
using Hypersend.EngineSpecs.Blobs;
using Hypersend.Server.Engines.Blobs.S3;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Packing;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>A server whose files lie in a bucket of its own.</summary>
public sealed class S3Stage : IAsyncLifetime
{
    private App? _app;

    /// <summary>Skips the test when there is no S3 server.</summary>
    internal App App
    {
        get
        {
            _ = S3Server.Url;
            return _app!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.Missing is null && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(S3Server.Variable)))
            _app = await App.StartAsync("--STORAGE_URL=" + S3Server.Setting(await S3Server.CreateBucketAsync()), $"--CHUNK_SIZE={Bytes.Mega}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}

/// <summary>Files in a bucket behave as those in a folder do, and no object is left that no row names.</summary>
public sealed class S3Tests(S3Stage stage) : IClassFixture<S3Stage>
{
    private readonly byte[] _whole = Bytes.Of((3 * Bytes.Mega) + 12_345);

    [Fact]
    public async Task A_file_goes_up_with_attempts_that_lose_and_only_the_winners_stay()
    {
        var app = stage.App;
        var ana = await app.SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, _whole.Length);
        await ana.SendAsync(upload, _whole, 0);

        // One that begins and is overtaken, one whose bytes are wrong, and all of them once more.
        await ana.PutChunkAsync(upload.UploadId, 1, _whole[Bytes.Mega..(2 * Bytes.Mega)], ("X-Chunk-SHA256", new string('0', 64))).RefusedAsync(422, "checksum_mismatch");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var answer = await ana.PutChunkAsync(upload.UploadId, 2, _whole[(2 * Bytes.Mega)..(3 * Bytes.Mega)]);
            Assert.True((int)answer.StatusCode is 200 or 409);
        }));
        for (var chunk = 0; chunk < upload.TotalChunks; chunk++)
            await ana.SendAsync(upload, _whole, chunk);
        Assert.Equal([[0, 3]], (await ana.Files.GetStatusAsync(upload.UploadId)).Received);
        var done = await ana.Files.CompleteAsync(upload.UploadId, Bytes.Root(_whole));
        using (var answer = await app.FetchAsync(ana, done.FileId.DownloadPath()).OpenedAsync(200))
            Assert.Equal(_whole, await answer.Content.ReadAsByteArrayAsync());
        using (var answer = await app.RangeAsync(ana, done.FileId, "bytes=1048570-3145730").OpenedAsync(206))
            Assert.Equal(_whole[1_048_570..3_145_731], await answer.Content.ReadAsByteArrayAsync());
        using (var answer = await app.RangeAsync(ana, done.FileId, "bytes=-5").OpenedAsync(206))
            Assert.Equal(_whole[^5..], await answer.Content.ReadAsByteArrayAsync());
        using (var answer = await app.FetchAsync(ana, done.FileId.DownloadPath(), HttpMethod.Head).OpenedAsync(200))
            Assert.Equal(_whole.Length, answer.Content.Headers.ContentLength);
        await OnlyNamedAsync(done.FileId, 4);
        await ana.Files.SetThumbnailAsync(done.FileId, Authorization.Samples.Png);
        await ana.Files.DeleteAsync(done.FileId);
        Assert.Empty(await KeysAsync($"b/{done.FileId}/"));
        Assert.Empty(await KeysAsync($"a/{done.FileId}/"));
    }

    [Fact]
    public async Task Who_follows_gets_each_chunk_as_soon_as_its_row_names_it()
    {
        var app = stage.App;
        var ana = await app.SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, _whole.Length);
        await ana.SendAsync(upload, _whole, 0);
        using var answer = await app.FetchAsync(ana, upload.FileId.DownloadPath()).OpenedAsync(200);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var got = new byte[_whole.Length];
        for (var chunk = 0; chunk < upload.TotalChunks; chunk++)
        {
            if (chunk > 0)
                await ana.SendAsync(upload, _whole, chunk);
            await body.ReadExactlyAsync(got, chunk * Bytes.Mega, Math.Min(Bytes.Mega, _whole.Length - (chunk * Bytes.Mega)));
        }

        await ana.Files.CompleteAsync(upload.UploadId);
        Assert.Equal(0, await body.ReadAsync(new byte[1]));
        Assert.Equal(_whole, got);
    }

    [Fact]
    public async Task Tus_goes_on_in_the_middle_of_a_chunk_and_leaves_no_beginnings_behind()
    {
        var app = stage.App;
        var ana = await app.SignUpAsync("ana");
        using var created = await TusAsync(ana, HttpMethod.Post, "/api/v1/tus", null, ("Upload-Length", Number(_whole.Length))).OpenedAsync(201);
        var url = created.Headers.Location!.ToString();
        const int Piece = 700_000;
        for (var at = 0; at < _whole.Length; at += Piece)
        {
            using var patched = await TusAsync(ana, HttpMethod.Patch, url, _whole[at..Math.Min(at + Piece, _whole.Length)], ("Upload-Offset", Number(at))).OpenedAsync(204);
            using var head = await TusAsync(ana, HttpMethod.Head, url, null).OpenedAsync(200);
            Assert.Equal([Number(Math.Min(at + Piece, _whole.Length))], head.Headers.GetValues("Upload-Offset"));
        }

        var id = FileId.Parse(url.Split('/')[^1], null);
        using var answer = await app.FetchAsync(ana, id.DownloadPath()).OpenedAsync(200);
        Assert.Equal(_whole, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal($"\"{Bytes.Root(_whole)}\"", answer.Headers.ETag!.ToString());
        await OnlyNamedAsync(id, 4);
    }

    [Fact]
    public async Task Parts_of_tus_become_one_file_and_its_digests_follow()
    {
        var app = stage.App;
        var ana = await app.SignUpAsync("ana");
        var urls = new List<string>();
        foreach (var part in new[] { _whole[..1_500_000], _whole[1_500_000..] })
        {
            using var created = await TusAsync(ana, HttpMethod.Post, "/api/v1/tus", null, ("Upload-Length", Number(part.Length)), ("Upload-Concat", "partial")).OpenedAsync(201);
            urls.Add(created.Headers.Location!.ToString());
            (await TusAsync(ana, HttpMethod.Patch, urls[^1], part[..400_000], ("Upload-Offset", "0")).OpenedAsync(204)).Dispose();
            (await TusAsync(ana, HttpMethod.Patch, urls[^1], part[400_000..], ("Upload-Offset", "400000")).OpenedAsync(204)).Dispose();
        }

        using var joined = await TusAsync(ana, HttpMethod.Post, "/api/v1/tus", null, ("Upload-Concat", "final;" + string.Join(' ', urls))).OpenedAsync(201);
        var id = FileId.Parse(joined.Headers.Location!.ToString().Split('/')[^1], null);
        using (var answer = await app.RangeAsync(ana, id, "bytes=1400000-1600000").OpenedAsync(206))
            Assert.Equal(_whole[1_400_000..1_600_001], await answer.Content.ReadAsByteArrayAsync());
        while ((await ana.Files.GetAsync(id)).Sha256Root is not { } root || root != Bytes.Root(_whole))
            await Task.Yield();
        await OnlyNamedAsync(FileId.Parse(urls[0].Split('/')[^1], null), 2);
        await ana.Files.DeleteAsync(id);
        foreach (var url in urls)
            Assert.Empty(await KeysAsync($"b/{url.Split('/')[^1]}/"));
    }

    [Fact]
    public async Task A_server_that_died_before_it_tidied_up_does_it_with_its_next_sweep()
    {
        var app = stage.App;
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, _whole);
        await OnlyNamedAsync(id, 4);
        var blobs = app.Services.GetRequiredService<IBlobStore>();
        await using (var write = await blobs.WriteAsync(id, new BlobPlace(1, Bytes.Mega, 3), CancellationToken.None))
        {
            await write.WriteAsync(new System.Buffers.ReadOnlySequence<byte>(new byte[3]), CancellationToken.None);
            await write.FinishAsync(CancellationToken.None);
        }

        Assert.Equal(5, (await KeysAsync($"b/{id}/")).Count);
        await app.Services.GetRequiredService<FileSweep>().DropLeftoversAsync(CancellationToken.None);
        await OnlyNamedAsync(id, 4);
    }

    [Fact]
    public async Task A_large_text_is_packed_here_too_and_goes_with_its_file()
    {
        var app = stage.App;
        var ana = await app.SignUpAsync("ana");
        var text = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200_000).Select(line => $"line {line}\n")));
        var id = await ana.SendFileAsync(null, text, "lines.txt");
        await app.PackAsync();
        var row = (await app.Services.GetRequiredService<IUploadStore>().FindAsync(id, CancellationToken.None))!.File;
        var form = (await app.Services.GetRequiredService<IPackStore>().FindAsync(row, CancellationToken.None))!;
        using var answer = await app.FetchAsync(ana, id.DownloadPath(), null, ("Accept-Encoding", "gzip")).OpenedAsync(200);
        using var plain = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(await answer.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress))
            await gzip.CopyToAsync(plain);
        Assert.Equal(text, plain.ToArray());
        Assert.NotEmpty(await KeysAsync($"b/{form.Id}/"));
        await ana.Files.DeleteAsync(id);
        Assert.Empty(await KeysAsync($"b/{form.Id}/"));
    }

    [Fact]
    public async Task A_packed_form_that_is_lost_is_no_loss_here_either()
    {
        var app = stage.App;
        var ana = await app.SignUpAsync("ana");
        var text = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200_000).Select(line => $"other {line}\n")));
        var id = await ana.SendFileAsync(null, text, "others.txt");
        await app.PackAsync();
        var row = (await app.Services.GetRequiredService<IUploadStore>().FindAsync(id, CancellationToken.None))!.File;
        var form = (await app.Services.GetRequiredService<IPackStore>().FindAsync(row, CancellationToken.None))!;
        await app.Services.GetRequiredService<IBlobStore>().DeleteAsync(form.Id, CancellationToken.None);
        using var plain = await app.FetchAsync(ana, id.DownloadPath(), null, ("Accept-Encoding", "gzip")).OpenedAsync(200);
        Assert.Equal(text, await plain.Content.ReadAsByteArrayAsync());
        await app.PackAsync();
        using var packed = await app.FetchAsync(ana, id.DownloadPath(), null, ("Accept-Encoding", "gzip")).OpenedAsync(200);
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Of_files_whose_objects_are_lost_it_is_said_that_they_are_gone()
    {
        var app = stage.App;
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var id = await ana.SendFileAsync(chat, _whole);
        await app.Services.GetRequiredService<IBlobStore>().DeleteAsync(id, CancellationToken.None);
        foreach (var path in new[] { id.DownloadPath(), $"/api/v1/chats/{chat}/files.zip" })
            await app.FetchAsync(ana, path).RefusedAsync(410, "file_gone");
    }

    [Fact]
    public async Task A_server_that_just_started_is_healthy_the_first_time_it_is_asked()
    {
        _ = stage.App;
        await using var fresh = await App.StartAsync("--STORAGE_URL=" + S3Server.Setting(await S3Server.CreateBucketAsync()));
        using var answer = await fresh.SendAsync(HttpMethod.Get, "/health");
        Assert.Contains($"\"storage\":\"{HealthWords.Healthy}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_bucket_is_away_downloads_are_told_so_by_a_status()
    {
        _ = stage.App;
        await using var line = S3Server.Proxy();
        await using var app = await App.StartAsync("--STORAGE_URL=" + S3Server.Setting(S3Server.Through(await S3Server.CreateBucketAsync(), line)), $"--CHUNK_SIZE={Bytes.Mega}");
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var id = await ana.SendFileAsync(chat, _whole);
        var coming = await ana.BeginAsync(chat, _whole.Length);
        await ana.SendAsync(coming, _whole, 0);
        var link = (await ana.Files.CreateLinkAsync(id, new CreateLinkRequest())).Url;
        line.IsAway = true;
        line.CutAll();

        await AwayAsync(app.FetchAsync(ben, id.DownloadPath()));
        await AwayAsync(app.FetchAsync(ben, coming.FileId.DownloadPath()));
        await AwayAsync(app.RangeAsync(ben, id, "bytes=5-10"));
        await AwayAsync(app.RangeAsync(ben, id, "bytes=5-10,20-30"));
        await AwayAsync(app.FetchAsync(ben, $"/api/v1/chats/{chat}/files.zip"));
        await AwayAsync(app.Http.GetAsync(new Uri(link!).AbsolutePath + "/download"));

        line.IsAway = false;
        using var answer = await app.FetchAsync(ben, id.DownloadPath()).OpenedAsync(200);
        Assert.Equal(_whole, await answer.Content.ReadAsByteArrayAsync());

        static async Task AwayAsync(Task<HttpResponseMessage> asked)
        {
            using var answer = await asked;
            Assert.Equal(503, (int)answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Contains("\"unavailable\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What lost is taken out beside the requests; every look is a request of its own.</summary>
    private async Task OnlyNamedAsync(FileId id, int parts)
    {
        var names = (await stage.App.Services.GetRequiredService<IUploadStore>().NamesAsync(id, CancellationToken.None))!;
        Assert.Equal(parts, names.Count);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await KeysAsync($"b/{id}/")).Select(key => key.Split('/')[^1]).ToHashSet().SetEquals(names))
            patience.Token.ThrowIfCancellationRequested();
    }

    private Task<List<string>> KeysAsync(string prefix) =>
        stage.App.Services.GetRequiredService<S3Bucket>().KeysAsync(prefix, CancellationToken.None).ToListAsync().AsTask();

    private async Task<HttpResponseMessage> TusAsync(Person person, HttpMethod method, string url, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/offset+octet-stream");
        }

        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + person.AccessToken);
        request.Headers.TryAddWithoutValidation("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await stage.App.Http.SendAsync(request);
    }
}
