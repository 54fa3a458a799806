using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Packing;
using Hypersend.Server.Platform.Problems;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>Large texts are sent packed to who can unpack them, and everything else stays as it was.</summary>
public sealed class PackingTests(App app) : IClassFixture<App>
{
    private static readonly (string, string) Gzip = ("Accept-Encoding", "gzip, deflate, br");

    [Fact]
    public async Task A_large_text_comes_packed_with_headers_of_its_own()
    {
        var ana = await app.SignUpAsync("ana");
        var text = Text(1);
        var id = await PackedAsync(ana, text);
        using var packed = await app.FetchAsync(ana, id.DownloadPath(), null, Gzip).OpenedAsync(200);
        var bytes = await packed.Content.ReadAsByteArrayAsync();
        Assert.Equal(text, Unpack(bytes));
        Assert.InRange(bytes.Length, 1, text.Length * 4 / 5);
        Assert.Equal(bytes.Length, packed.Content.Headers.ContentLength);
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        Assert.Equal($"\"{Bytes.Root(text)}-gzip\"", packed.Headers.ETag!.ToString());
        Assert.Equal(["Accept-Encoding"], packed.Headers.Vary);
        Assert.Equal("text/plain; charset=utf-8", packed.Content.Headers.ContentType!.ToString());
        Assert.False(packed.Headers.Contains("Repr-Digest"));

        foreach (var accepted in new[] { "", "identity", "br", "gzip;q=0" })
        {
            using var plain = await app.FetchAsync(ana, id.DownloadPath(), null, ("Accept-Encoding", accepted)).OpenedAsync(200);
            Assert.Equal(text, await plain.Content.ReadAsByteArrayAsync());
            Assert.Empty(plain.Content.Headers.ContentEncoding);
            Assert.Equal($"\"{Bytes.Root(text)}\"", plain.Headers.ETag!.ToString());
            Assert.Equal(["Accept-Encoding"], plain.Headers.Vary);
        }

        using var bare = await app.FetchAsync(ana, $"/api/v1/files/{id}", null, Gzip).OpenedAsync(200);
        Assert.Equal(["Accept", "Accept-Encoding"], bare.Headers.Vary);
        Assert.Equal(bytes, await bare.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_tells_of_the_packed_form_what_get_would_tell()
    {
        var ana = await app.SignUpAsync("ana");
        var id = await PackedAsync(ana, Text(2));
        using var get = await app.FetchAsync(ana, id.DownloadPath(), null, Gzip).OpenedAsync(200);
        using var head = await app.FetchAsync(ana, id.DownloadPath(), HttpMethod.Head, Gzip).OpenedAsync(200);
        Assert.Equal(Told(get), Told(head));
    }

    [Fact]
    public async Task Ranges_and_conditions_know_the_two_forms_apart()
    {
        var ana = await app.SignUpAsync("ana");
        var text = Text(3);
        var id = await PackedAsync(ana, text);
        var (plain, packed) = ($"\"{Bytes.Root(text)}\"", $"\"{Bytes.Root(text)}-gzip\"");
        Task<HttpResponseMessage> Ask(int status, params (string, string)[] headers) => app.FetchAsync(ana, id.DownloadPath(), null, [Gzip, .. headers]).OpenedAsync(status);

        using var range = await Ask(206, ("Range", "bytes=100-199"));
        Assert.Equal(text[100..200], await range.Content.ReadAsByteArrayAsync());
        Assert.Equal(plain, range.Headers.ETag!.ToString());
        Assert.Empty(range.Content.Headers.ContentEncoding);
        (await Ask(206, ("Range", "bytes=100-199"), ("If-Range", plain))).Dispose();

        // What was begun packed cannot be gone on with as it is: all of it comes, under its own tag.
        using var begun = await Ask(200, ("Range", "bytes=100-199"), ("If-Range", packed));
        Assert.Equal(plain, begun.Headers.ETag!.ToString());
        Assert.Equal(text, await begun.Content.ReadAsByteArrayAsync());

        foreach (var tag in new[] { plain, packed })
        {
            using var unchanged = await Ask(304, ("If-None-Match", tag));
            Assert.Equal(tag, unchanged.Headers.ETag!.ToString());
            Assert.Equal(["Accept-Encoding"], unchanged.Headers.Vary);
        }

        using var stranger = await app.FetchAsync(ana, id.DownloadPath(), null, ("If-None-Match", packed)).OpenedAsync(200);
        Assert.Equal(plain, stranger.Headers.ETag!.ToString());
        (await Ask(200, ("If-Match", packed))).Dispose();
        (await Ask(200, ("If-Match", plain))).Dispose();
        (await Ask(412, ("If-Match", "\"other\""))).Dispose();
    }

    [Fact]
    public async Task Curl_gets_the_same_bytes_packed_and_as_they_are()
    {
        var ana = await app.SignUpAsync("ana");
        var text = Text(4);
        var id = await PackedAsync(ana, text);
        var (plain, plainSize) = await CurlAsync(ana, id);
        var (packed, packedSize) = await CurlAsync(ana, id, "--compressed");
        Assert.Equal(text, plain);
        Assert.Equal(text, packed);
        Assert.Equal(text.Length, plainSize);
        Assert.InRange(packedSize, 1, text.Length * 4 / 5);
    }

    [Fact]
    public async Task Who_took_it_packed_has_all_of_it_and_it_counts_once()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var text = Text(5);
        var id = await PackedAsync(ana, text, await app.GroupAsync(ana, ben));
        using var fetched = await app.FetchAsync(ben, id.DownloadPath(), null, Gzip).OpenedAsync(200);
        Assert.Equal(text, Unpack(await fetched.Content.ReadAsByteArrayAsync()));

        // It is written down when the last byte has left, which may be after it has come.
        while ((await ana.Files.ListDeliveriesAsync(id)).Items.Any(delivery => delivery.User.Id == ben.Id && !delivery.Delivered))
            await Task.Yield();
        Assert.Equal(text.Length, (await ana.Files.GetUsageAsync()).UsedBytes);
    }

    [Fact]
    public async Task It_goes_with_its_file_and_stays_while_another_has_the_same_bytes()
    {
        var ana = await app.SignUpAsync("ana");
        var text = Text(6);
        var id = await PackedAsync(ana, text);
        var again = await ana.Files.InitAsync(new InitUploadRequest { Filename = "again.txt", Size = text.Length, ChunkSize = Bytes.Mega, Sha256Root = Bytes.Root(text) });
        await ana.Files.CompleteAsync(again.UploadId);
        var form = (await FormOfAsync(id))!;
        await ana.Files.DeleteAsync(id);
        using var shared = await app.FetchAsync(ana, again.FileId.DownloadPath(), null, Gzip).OpenedAsync(200);
        Assert.Equal(text, Unpack(await shared.Content.ReadAsByteArrayAsync()));
        Assert.Contains(form.Id, await KeptAsync());
        await ana.Files.DeleteAsync(again.FileId);
        await app.Services.GetRequiredService<FileSweep>().SweepAsync(CancellationToken.None);
        await FileBooks.NoOrphanStaysAsync(app);
        var kept = await KeptAsync();
        Assert.DoesNotContain(again.FileId, kept);
    }

    [Fact]
    public async Task What_does_not_get_smaller_is_left_as_it_is()
    {
        var ana = await app.SignUpAsync("ana");
        var noise = Array.ConvertAll(Bytes.Of(3 * Bytes.Mega, 7), value => (byte)(' ' + (value % 95)));
        var id = await ana.SendFileAsync(null, noise, "noise.txt");
        var film = await ana.SendFileAsync(null, Bytes.Of(2 * Bytes.Mega, 8), "film.bin");
        await app.PackAsync();
        Assert.Equal((PackingStates.None, null), (await StateAsync(id), await StateAsync(film)));
        await FileBooks.NoOrphanAsync(app);
        using var plain = await app.FetchAsync(ana, id.DownloadPath(), null, Gzip).OpenedAsync(200);
        Assert.Equal(noise, await plain.Content.ReadAsByteArrayAsync());
        Assert.Empty(plain.Headers.Vary);

        async Task<string?> StateAsync(FileId file) => (await app.Services.GetRequiredService<IUploadStore>().FindAsync(file, CancellationToken.None))!.File.Packing;
    }

    [Fact]
    public async Task A_store_that_fails_in_the_middle_leaves_nothing_behind_and_it_is_tried_again()
    {
        var fails = false;
        await using var moody = await App.StartWithAsync(MoodyBlobs.With(() =>
        {
            if (fails)
                throw new EngineUnavailableException("storage", new IOException("moody"));
        }));
        var ana = await moody.SignUpAsync("ana");
        var text = Text(8);
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "a.txt", Size = text.Length, ChunkSize = Bytes.Mega });
        for (var chunk = 0; chunk < upload.TotalChunks; chunk++)
            await ana.SendAsync(upload, text, chunk);
        fails = true;
        await ana.Files.CompleteAsync(upload.UploadId);
        await moody.PackAsync();
        Assert.Equal(PackingStates.Wanted, await StateAsync());
        fails = false;
        await moody.RestartAsync();
        while (await StateAsync() != PackingStates.Gzip)
            await Task.Yield();
        await FileBooks.NoOrphanAsync(moody);
        using var packed = await moody.FetchAsync(ana, upload.FileId.DownloadPath(), null, Gzip).OpenedAsync(200);
        Assert.Equal(text, Unpack(await packed.Content.ReadAsByteArrayAsync()));

        async Task<string?> StateAsync() => (await moody.Services.GetRequiredService<IUploadStore>().FindAsync(upload.FileId, CancellationToken.None))!.File.Packing;
    }

    [Fact]
    public async Task A_packed_form_that_is_lost_is_no_loss()
    {
        var ana = await app.SignUpAsync("ana");
        var text = Text(9);
        var id = await PackedAsync(ana, text);
        await app.Services.GetRequiredService<IBlobStore>().DeleteAsync((await FormOfAsync(id))!.Id, CancellationToken.None);
        using var plain = await app.FetchAsync(ana, id.DownloadPath(), null, Gzip).OpenedAsync(200);
        Assert.Equal(text, await plain.Content.ReadAsByteArrayAsync());
        Assert.Equal($"\"{Bytes.Root(text)}\"", plain.Headers.ETag!.ToString());
        await app.PackAsync();
        using var packed = await app.FetchAsync(ana, id.DownloadPath(), null, Gzip).OpenedAsync(200);
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
    }

    /// <summary>Words enough for two parts of a packed form, other ones for each seed.</summary>
    private static byte[] Text(ulong seed)
    {
        var dice = new Dice(seed);
        var text = new StringBuilder();
        while (text.Length < 2 * Bytes.Mega)
            text.Append("the line has the number ").Append(dice.Below(1_000_000)).Append('\n');
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var plain = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
            gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private async Task<FileId> PackedAsync(Person person, byte[] text, ChatId? chat = null)
    {
        var id = await person.SendFileAsync(chat, text, "notes.txt");
        await app.PackAsync();
        return id;
    }

    private async Task<PackedForm?> FormOfAsync(FileId id)
    {
        var file = (await app.Services.GetRequiredService<IUploadStore>().FindAsync(id, CancellationToken.None))!.File;
        return await app.Services.GetRequiredService<IPackStore>().FindAsync(file, CancellationToken.None);
    }

    private async Task<HashSet<FileId>> KeptAsync() => [.. await app.Services.GetRequiredService<IBlobStore>().ListAsync(CancellationToken.None).ToListAsync()];

    private async Task<(byte[] Bytes, long Downloaded)> CurlAsync(Person person, FileId id, params string[] more)
    {
        using var folder = new Hypersend.Tests.ScratchFolder();
        var file = Path.Combine(folder.Path, "fetched");
        var start = new ProcessStartInfo("curl") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-sSf", .. more, "-o", file, "-w", "%{size_download}", "-H", "Authorization: Bearer " + person.AccessToken, app.Address + id.DownloadPath()[1..]])
            start.ArgumentList.Add(argument);
        using var curl = Process.Start(start)!;
        var said = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        Assert.Equal(0, curl.ExitCode);
        return (await File.ReadAllBytesAsync(file), long.Parse(said, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string[] Told(HttpResponseMessage answer) =>
        [.. answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "X-Request-ID"))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal)];
}
