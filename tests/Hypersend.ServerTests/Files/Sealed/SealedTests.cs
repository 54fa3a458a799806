using System.IO.Compression;
using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Start;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Start;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files.Sealed;

/// <summary>A server that seals what it stores, with small chunks.</summary>
public sealed class SealedStage : IAsyncLifetime
{
    internal const string Key = "a:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=";

    internal App App { get; private set; } = null!;

    internal Person Ana { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.Missing is not null)
            return;
        App = await App.StartAsync("--ENCRYPT_AT_REST=on", "--ENCRYPTION_KEY=" + Key, $"--CHUNK_SIZE={Bytes.Mega}", "--ACCEL_REDIRECT=/protected");
        Ana = await App.SignUpAsync("ana");
    }

    public async ValueTask DisposeAsync()
    {
        if (App is not null)
            await App.DisposeAsync();
    }

    internal string Folder => Path.Combine(App.DataRoot, "blobs");

    internal string PathOf(FileId file) => App.Services.GetRequiredService<IBlobStore>().PathOf(file)!;

    internal async Task ShouldNotLieThereAsync(ReadOnlyMemory<byte> bytes)
    {
        foreach (var path in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
            Assert.Equal(-1, (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).AsSpan().IndexOf(bytes.Span));
    }
}

/// <summary>ENCRYPT_AT_REST: people notice nothing of it, and whoever has the disk sees nothing.</summary>
[OneNode("it looks into the folder of one server")]
public sealed class SealedTests(SealedStage stage) : IClassFixture<SealedStage>
{
    private static readonly string Words = string.Concat(Enumerable.Repeat("What nobody but they should read. ", 65_000));

    private static byte[] Whole => System.Text.Encoding.ASCII.GetBytes(Words);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_and_pictures_are_as_ever_and_nothing_of_them_lies_in_the_folder()
    {
        var (app, ana) = (stage.App, stage.Ana);
        var whole = Whole;
        var chat = await app.GroupAsync(ana, await app.SignUpAsync("ben"));
        var id = await ana.SendFileAsync(chat, whole, "letter.bin");
        var picture = Pictures.PngOf(5000);
        await ana.Files.SetThumbnailAsync(id, picture);
        await ana.Users.SetAvatarAsync(picture);

        using var answer = await app.FetchAsync(ana, id.DownloadPath()).AnsweredAsync(200);
        Assert.False(answer.Headers.Contains("X-Accel-Redirect"));
        Assert.Equal(whole, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        foreach (var (from, to) in new[] { (0, 0), (65_530, 65_545), (Bytes.Mega - 3, Bytes.Mega + 70_000), (whole.Length - 5, whole.Length - 1) })
        {
            using var part = await app.RangeAsync(ana, id, $"bytes={from}-{to}").AnsweredAsync(206);
            Assert.Equal(whole[from..(to + 1)], await part.Content.ReadAsByteArrayAsync(Cancellation));
        }

        using var parts = await app.RangeAsync(ana, id, "bytes=5-9,2000000-2000009").AnsweredAsync(206);
        Assert.Contains(Words[2_000_000..2_000_010], await parts.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using var zip = await app.FetchAsync(ana, $"/api/v1/chats/{chat}/files.zip").AnsweredAsync(200);
        using (var archive = new ZipArchive(await zip.Content.ReadAsStreamAsync(Cancellation)))
        using (var unpacked = new StreamReader(await archive.Entries.Single().OpenAsync(Cancellation)))
            Assert.Equal(Words, await unpacked.ReadToEndAsync(Cancellation));
        using var thumbnail = await app.FetchAsync(ana, (await ana.Files.GetAsync(id)).ThumbnailUrl!).AnsweredAsync(200);
        Assert.Equal(picture, await thumbnail.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(picture, (await ana.Users.GetAvatarAsync(ana.Id)).Bytes.ToArray());

        await stage.ShouldNotLieThereAsync(whole.AsMemory(0, 20));
        await stage.ShouldNotLieThereAsync(picture.AsMemory(0, 20));
    }

    [Fact]
    public async Task A_stream_that_is_cut_goes_on_and_parts_become_one_file()
    {
        var (app, ana) = (stage.App, stage.Ana);
        var bytes = Whole[..(Bytes.Mega + 200_001)];
        using var begun = await TusAsync("POST", Tus.TusStage.Door, null, ("Upload-Length", Tus.TusStage.Text(bytes.Length)));
        var url = begun.Headers.Location!.ToString();
        var dice = new Dice(3);
        for (var at = 0; at < bytes.Length;)
        {
            var to = Math.Min(bytes.Length, at + 1 + dice.Below(300_000));
            (await TusAsync("PATCH", url, bytes[at..to], ("Upload-Offset", Tus.TusStage.Text(at)))).Dispose();
            at = to;
        }

        await ShouldBeAsync(Tus.TusStage.IdOf(url), bytes);
        var parts = new List<string>();
        foreach (var part in new[] { bytes[..700_000], bytes[700_000..] })
        {
            using var made = await TusAsync("POST", Tus.TusStage.Door, null, ("Upload-Length", Tus.TusStage.Text(part.Length)), ("Upload-Concat", "partial"));
            parts.Add(made.Headers.Location!.ToString());
            (await TusAsync("PATCH", parts[^1], part, ("Upload-Offset", "0"))).Dispose();
        }

        using var joined = await TusAsync("POST", Tus.TusStage.Door, null, ("Upload-Concat", "final;" + string.Join(' ', parts)));
        await ShouldBeAsync(Tus.TusStage.IdOf(joined.Headers.Location!.ToString()), bytes);
        await stage.ShouldNotLieThereAsync(bytes.AsMemory(0, 20));

        async Task ShouldBeAsync(FileId id, byte[] expected)
        {
            using var answer = await app.FetchAsync(ana, id.DownloadPath()).AnsweredAsync(200);
            Assert.Equal(expected, await answer.Content.ReadAsByteArrayAsync(Cancellation));
            using var part = await app.RangeAsync(ana, id, "bytes=699999-700001,-1").AnsweredAsync(206);
        }
    }

    [Fact]
    public async Task The_packed_form_of_a_text_is_sealed_too()
    {
        var (app, ana) = (stage.App, stage.Ana);
        var id = await ana.SendFileAsync(null, Whole, "letter.txt");
        await app.PackAsync();
        using var answer = await app.FetchAsync(ana, id.DownloadPath(), null, ("Accept-Encoding", "gzip")).AnsweredAsync(200);
        Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
        await using var unpacked = new GZipStream(await answer.Content.ReadAsStreamAsync(Cancellation), CompressionMode.Decompress);
        using var text = new StreamReader(unpacked);
        Assert.Equal(Words, await text.ReadToEndAsync(Cancellation));
        Assert.DoesNotContain(Directory.EnumerateFiles(stage.Folder, "*", SearchOption.AllDirectories), path => File.ReadAllBytes(path).AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]));
    }

    [Fact]
    public async Task Bytes_that_were_changed_on_the_disk_are_never_sent()
    {
        var (app, ana) = (stage.App, stage.Ana);
        var whole = RandomNumberGenerator.GetBytes(3 * Bytes.Mega);
        var id = await ana.SendFileAsync(null, whole);
        var stored = stage.PathOf(id);
        var length = new FileInfo(stored).Length;
        Change(stored, length - 100);

        using (var cut = await app.FetchAsync(ana, id.DownloadPath()).OpenedAsync(200))
        {
            var sent = new MemoryStream();
            await Assert.ThrowsAnyAsync<Exception>(async () => await (await cut.Content.ReadAsStreamAsync(Cancellation)).CopyToAsync(sent, Cancellation));
            Assert.Equal(whole[..(int)sent.Length], sent.ToArray());
        }

        await app.NoDownloadRunsAsync();
        Assert.Contains(app.Logs.Lines, line => line.Exception?.Contains($"What is stored of file {id} (part 2, frame 15)", StringComparison.Ordinal) is true);
        using (var early = await app.RangeAsync(ana, id, "bytes=0-1000").AnsweredAsync(206))
            Assert.Equal(whole[..1001], await early.Content.ReadAsByteArrayAsync(Cancellation));
        await app.RangeAsync(ana, id, "bytes=-1000").RefusedAsync(500, ErrorCodes.FileDamaged);
        await app.FetchAsync(ana, $"/metrics").AnsweredAsync(200);
    }

    [Fact]
    public async Task A_server_that_seals_no_more_reads_what_was_sealed_and_stores_as_before()
    {
        var (app, ana) = (stage.App, stage.Ana);
        var whole = RandomNumberGenerator.GetBytes(Bytes.Mega + 100_000);
        var id = await ana.SendFileAsync(null, whole);
        var storage = $"--STORAGE_URL=file:{stage.Folder}";
        await using var off = await app.StartSecondAsync(storage, "--ENCRYPTION_KEY=" + SealedStage.Key);
        using var answer = await off.FetchAsync(ana, id.DownloadPath()).AnsweredAsync(200);
        Assert.Equal(whole, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        var open = await (await off.SignInAsync(ana)).SendFileAsync(null, whole);
        Assert.True((await File.ReadAllBytesAsync(stage.PathOf(open), Cancellation)).AsSpan().StartsWith(whole.AsSpan(0, 100)));
        using var read = await app.FetchAsync(ana, open.DownloadPath()).AnsweredAsync(200);
        Assert.True(read.Headers.Contains("X-Accel-Redirect"));
    }

    [Fact]
    public async Task A_new_key_wraps_all_others_anew_and_a_server_without_the_right_one_does_not_start()
    {
        await using var app = await App.StartAsync("--ENCRYPT_AT_REST=on", "--ENCRYPTION_KEY=" + SealedStage.Key);
        var eve = await app.SignUpAsync("eve");
        var id = await eve.SendFileAsync(null, [1, 2, 3]);
        var storage = $"--STORAGE_URL=file:{Path.Combine(app.DataRoot, "blobs")}";
        var fresh = "b:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await RefusedAsync(app, fresh, "under the key a,");
        await RefusedAsync(app, "a:" + Convert.ToBase64String(new byte[32]), "another one than the one of the same name");
        await RefusedAsync(app, "", "under the key a,");

        await using (var turned = await app.StartSecondAsync(storage, $"--ENCRYPTION_KEY={fresh},{SealedStage.Key}"))
        {
            var keys = turned.Services.GetRequiredService<IFileKeys>();
            while ((await keys.SamplesAsync(Cancellation)).Any(one => one.Key.KeyId != "b"))
                Cancellation.ThrowIfCancellationRequested();
        }

        await RefusedAsync(app, SealedStage.Key, "under the key b,");
        await using var after = await app.StartSecondAsync(storage, $"--ENCRYPTION_KEY={fresh}");
        using var answer = await after.FetchAsync(eve, id.DownloadPath()).AnsweredAsync(200);
        Assert.Equal([1, 2, 3], await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task A_lost_key_is_found_by_a_look_and_none_is_made_where_it_has_to_go_back()
    {
        await using var app = await App.StartAsync("--ENCRYPT_AT_REST=on");
        Assert.SkipWhen(TestDatabase.IsPostgres, "With PostgreSQL the key follows from SECRET_KEY.");
        await (await app.SignUpAsync("eve")).SendFileAsync(null, [1, 2, 3]);
        var key = Path.Combine(app.DataRoot, "encryption.key");
        Assert.Equal("ok", Assert.Single((await VerbRun.BesideAsync(app, "check", "--json")).Findings()["encryption"]).Verdict);
        await app.StopAsync();
        File.Move(key, key + ".lost");

        var (verdict, seen, _) = Assert.Single((await VerbRun.BesideAsync(app, "check", "--json")).Findings()["encryption"]);
        Assert.Equal("wrong", verdict);
        Assert.Contains("which this server does not have", seen, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PreparationException>(() => app.StartSecondAsync("--ENCRYPT_AT_REST=on"));
        Assert.False(File.Exists(key));
    }

    private static async Task RefusedAsync(App app, string keys, string because)
    {
        var refusal = await Assert.ThrowsAsync<PreparationException>(() => app.StartSecondAsync("--ENCRYPTION_KEY=" + keys));
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
    }

    private static void Change(string path, long at)
    {
        using var stored = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite) { Position = at };
        var before = stored.ReadByte();
        stored.Position = at;
        stored.WriteByte((byte)(before ^ 1));
    }

    private async Task<HttpResponseMessage> TusAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + stage.Ana.AccessToken);
        request.Headers.TryAddWithoutValidation("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", Tus.TusStage.Bytes);
        }

        var answer = await stage.App.Http.SendAsync(request, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        return answer;
    }
}
