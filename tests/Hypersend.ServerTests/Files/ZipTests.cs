using System.Diagnostics;
using System.IO.Compression;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Files;

/// <summary>Files of a chat as one ZIP.</summary>
public sealed class ZipTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task It_has_the_ready_files_of_the_chat_with_their_paths_and_numbered_names()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var (one, two, three) = (Bytes.Of(Bytes.Mega + 5, 1), Bytes.Of(100, 2), Array.Empty<byte>());
        await ana.SendFileAsync(chat, one, "a.bin");
        var second = await ana.SendFileAsync(chat, two, "a.bin");
        await ben.SendFileAsync(chat, three, "b.txt", "folder/b.txt");
        await ana.BeginAsync(chat, 10);
        await ana.SendFileAsync(null, two, "not shown.bin");

        using var answer = await app.FetchAsync(ben, $"/api/v1/chats/{chat}/files.zip").AnsweredAsync(200);
        var zip = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(answer.Content.Headers.ContentLength, zip.Length);
        Assert.StartsWith("attachment; filename=\"Group of ", Assert.Single(answer.Content.Headers.GetValues("Content-Disposition")), StringComparison.Ordinal);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.ToString());
        var found = Unpack(zip);
        Assert.Equal(["a (2).bin", "a.bin", "folder/b.txt"], found.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(one, found["a.bin"]);
        Assert.Equal(two, found["a (2).bin"]);
        await TestAsync(zip);

        // Any range of it, and the rest of one that broke off.
        var dice = new Fixture.Dice(5);
        var tag = answer.Headers.ETag!.ToString();
        for (var round = 0; round < 50; round++)
        {
            var from = dice.Below(zip.Length);
            var to = Math.Min(zip.Length - 1, from + dice.Below(3000));
            using var part = await app.FetchAsync(ben, $"/api/v1/chats/{chat}/files.zip", null, ("Range", $"bytes={from}-{to}"), ("If-Range", tag)).AnsweredAsync(206);
            Assert.Equal(zip[from..(to + 1)], await part.Content.ReadAsByteArrayAsync());
        }

        using var some = await app.FetchAsync(ben, $"/api/v1/chats/{chat}/files.zip?ids={second}").AnsweredAsync(200);
        Assert.NotEqual(tag, some.Headers.ETag!.ToString());
        Assert.Equal(["a.bin"], Unpack(await some.Content.ReadAsByteArrayAsync()).Keys);
        (await app.FetchAsync(ben, $"/api/v1/chats/{chat}/files.zip", null, ("If-None-Match", tag)).AnsweredAsync(304)).Dispose();
    }

    [Fact]
    public async Task It_takes_nothing_from_elsewhere()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        await app.FetchAsync(ana, $"/api/v1/chats/{chat}/files.zip").RefusedAsync(404, ErrorCodes.NotFound);
        var here = await ana.SendFileAsync(chat, Bytes.Of(10));
        var elsewhere = await ana.SendFileAsync(await app.GroupAsync(ana), Bytes.Of(10));
        await app.FetchAsync(ana, $"/api/v1/chats/{chat}/files.zip?ids={here},{elsewhere}").RefusedAsync(404, ErrorCodes.NotFound);
        await app.FetchAsync(ana, $"/api/v1/chats/{chat}/files.zip?ids=nonsense").RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task What_others_have_used_up_is_left_out_and_whoever_took_it_still_gets_it()
    {
        var (ana, ben, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("eve"));
        var chat = await app.GroupAsync(ana, ben, eve);
        var once = await ana.UploadAsync(chat, "once.txt", new Retention { Mode = RetentionModes.Downloads, Count = 1 });
        await ana.UploadAsync(chat, "kept.txt");
        (await app.RangeAsync(ben, once, "bytes=0-0").AnsweredAsync(206)).Dispose();

        Assert.Equal(["kept.txt"], await NamesAsync(eve));
        Assert.Equal(["kept.txt", "once.txt"], await NamesAsync(ben));
        await app.FetchAsync(eve, $"/api/v1/chats/{chat}/files.zip?ids={once}").RefusedAsync(404, ErrorCodes.NotFound);

        async Task<IEnumerable<string>> NamesAsync(Person person)
        {
            using var answer = await app.FetchAsync(person, $"/api/v1/chats/{chat}/files.zip").AnsweredAsync(200);
            return Unpack(await answer.Content.ReadAsByteArrayAsync()).Keys.Order(StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task No_date_stands_for_what_is_in_it()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var first = await ana.UploadAsync(chat, "a.txt");
        await ana.UploadAsync(chat, "b.txt");
        using var answer = await app.FetchAsync(ana, $"/api/v1/chats/{chat}/files.zip").AnsweredAsync(200);
        Assert.Null(answer.Content.Headers.LastModified);
        var later = TimeProvider.System.GetUtcNow().AddYears(1).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        await ana.Files.DeleteAsync(first);
        foreach (var header in new[] { ("If-Range", later), ("If-Modified-Since", later), ("If-Range", (await ana.Files.ListAsync()).Items[0].CreatedAt.ToString("R", System.Globalization.CultureInfo.InvariantCulture)) })
            (await app.FetchAsync(ana, $"/api/v1/chats/{chat}/files.zip", null, ("Range", "bytes=5-9"), header).AnsweredAsync(header.Item1 == "If-Range" ? 200 : 206)).Dispose();
    }

    private static Dictionary<string, byte[]> Unpack(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var stream = entry.Open();
                var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                return bytes.ToArray();
            });
    }

    /// <summary>Others read it too.</summary>
    private static async Task TestAsync(byte[] zip)
    {
        using var folder = new ScratchFolder();
        var path = Path.Combine(folder.Path, "files.zip");
        await File.WriteAllBytesAsync(path, zip);
        foreach (var (program, arguments) in new[] { ("unzip", new[] { "-t", path }), ("python3", ["-m", "zipfile", "-t", path]) })
        {
            if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(place => File.Exists(Path.Combine(place, program))))
                continue;
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var told = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, told);
        }
    }
}
