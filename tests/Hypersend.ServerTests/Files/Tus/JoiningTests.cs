using System.Diagnostics;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using static Hypersend.ServerTests.Files.Tus.TusStage;

namespace Hypersend.ServerTests.Files.Tus;

/// <summary>Concatenation: several uploads, one file.</summary>
public sealed class JoiningTests(TusStage tus) : IClassFixture<TusStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Parts_become_one_file_that_can_be_read_at_once()
    {
        var bytes = Some(5 * Chunk + 321);
        int[] ends = [0, 700_000, 2 * Chunk + 1, 2 * Chunk + 1, 4 * Chunk, bytes.Length];
        var before = await tus.Ana.Files.GetUsageAsync();
        var urls = new List<string>();
        foreach (var (from, to) in ends.Zip(ends.Skip(1)))
            urls.Add(await tus.PartAsync(bytes[from..to]));
        using (var part = await tus.SendAsync("HEAD", urls[0]).AnsweredAsync(200))
            Assert.Equal("partial", Header(part, "Upload-Concat"));
        Assert.DoesNotContain((await tus.Ana.Files.ListAsync()).Items, file => urls.Contains($"{TusStage.Door}/{file.Id}"));
        await tus.Ana.Files.GetAsync(IdOf(urls[0])).RefusedAsync(404, ErrorCodes.NotFound);
        Assert.Equal(before.UsedBytes + bytes.Length, (await tus.Ana.Files.GetUsageAsync()).UsedBytes);

        var concat = "final;" + string.Join(' ', urls);
        var metadata = Meta(("filename", "joined.bin"));
        using var joined = await tus.SendAsync("POST", TusStage.Door, null, ("Upload-Concat", concat), ("Upload-Metadata", metadata)).AnsweredAsync(201);
        var url = joined.Headers.Location!.ToString();
        Assert.Equal(IdOf(url).ToString(), Header(joined, "Hypersend-File-Id"));
        Assert.Equal(bytes, await tus.ReadAsync(IdOf(url)));
        using (var fetched = await tus.SendAsync("GET", $"/api/v1/files/{IdOf(url)}/download").AnsweredAsync(200))
            Assert.Equal(bytes, await fetched.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        using (var some = await tus.SendAsync("GET", $"/api/v1/files/{IdOf(url)}/download", null, ("Range", "bytes=699990-2097160")).AnsweredAsync(206))
            Assert.Equal(bytes[699_990..2_097_161], await some.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        using (var looked = await tus.SendAsync("HEAD", url).AnsweredAsync(200))
        {
            Assert.Equal((Text(bytes.Length), Text(bytes.Length)), (Header(looked, "Upload-Offset"), Header(looked, "Upload-Length")));
            Assert.Equal((concat, metadata), (Header(looked, "Upload-Concat"), Header(looked, "Upload-Metadata")));
        }

        await tus.PatchAsync(url, bytes.Length, []).RefusedAsync(403, ErrorCodes.UploadJoined);
        await tus.PatchAsync(url, 0, [1]).RefusedAsync(403, ErrorCodes.UploadJoined);
        var usage = await tus.Ana.Files.GetUsageAsync();
        Assert.Equal((before.UsedBytes + bytes.Length, before.Files + 1), (usage.UsedBytes, usage.Files));

        // The digests follow.
        await DigestedAsync(url);
        await tus.ShouldBeAsync(IdOf(url), bytes);
        Assert.Equal(6, (await tus.Ana.Files.GetDigestsAsync(IdOf(url))).Sha256.Count);

        // The answer was lost, and the client asks again: the same file. A part is in one file only.
        using (var again = await tus.SendAsync("POST", TusStage.Door, null, ("Upload-Concat", concat), ("Upload-Metadata", metadata)).AnsweredAsync(201))
            Assert.Equal(url, again.Headers.Location!.ToString());
        await tus.SendAsync("POST", TusStage.Door, null, ("Upload-Concat", "final;" + urls[0])).RefusedAsync(409, ErrorCodes.UploadClosed);
        using (var part = await tus.SendAsync("HEAD", urls[0]).AnsweredAsync(200))
            Assert.Equal("700000", Header(part, "Upload-Offset"));

        // Deleted, it takes the bytes of its parts along.
        using (await tus.SendAsync("DELETE", url).AnsweredAsync(204))
            Assert.Equal(before.UsedBytes, (await tus.Ana.Files.GetUsageAsync()).UsedBytes);
        var blobs = tus.App.Services.GetRequiredService<IBlobStore>();
        foreach (var part in urls)
            Assert.False(File.Exists(blobs.PathOf(IdOf(part))));
    }

    [Fact]
    public async Task A_message_shows_the_joined_file_and_hears_of_its_root()
    {
        var ben = await tus.App.SignUpAsync("ben");
        var chat = await tus.Ana.DirectAsync(ben);
        var bytes = Some(Chunk + 9);
        var first = await tus.PartAsync(bytes);
        var second = await tus.PartAsync(bytes);
        using var joined = await tus.SendAsync(
            "POST", TusStage.Door, null, ("Upload-Concat", $"final;{first} {new Uri(tus.App.Http.BaseAddress!, second)}"),
            ("Upload-Metadata", Meta(("filename", "two.bin"), ("chat_id", chat.ToString()), ("caption", "both halves")))).AnsweredAsync(201);
        var message = (await ben.HistoryAsync(chat))[^1];
        Assert.Equal("both halves", message.Content);
        var file = Assert.Single(message.Files);
        Assert.Equal((FileStates.Ready, "two.bin"), (file.State, file.Filename));
        await DigestedAsync(joined.Headers.Location!.ToString());
        file = Assert.Single((await ben.HistoryAsync(chat))[^1].Files);
        Assert.NotNull(file.Sha256Root);
    }

    [Fact]
    public async Task What_cannot_be_joined_is_refused_and_the_parts_stay()
    {
        var whole = await tus.PartAsync(Some(10));
        var open = await tus.CreateAsync(10, ("Upload-Concat", "partial"));
        var stream = await tus.CreateAsync(0);
        var eve = await tus.App.SignUpAsync("eve");
        Task<HttpResponseMessage> Join(string concat, params (string, string?)[] more) => tus.SendAsync("POST", TusStage.Door, null, [("Upload-Concat", concat), .. more]);

        await Join("final;").RefusedAsync(400, ErrorCodes.MalformedRequest);
        await Join("final;/files/1").RefusedAsync(400, ErrorCodes.MalformedRequest);
        await Join($"final;{whole}", ("Upload-Length", "10")).RefusedAsync(400, ErrorCodes.MalformedRequest);
        await Join($"final;{whole} {open}").RefusedAsync(400, ErrorCodes.PartsUnfinished);
        await Join($"final;{whole} {whole}").RefusedAsync(400, ErrorCodes.MalformedRequest);
        await Join($"final;https://evil.example{whole}").RefusedAsync(400, ErrorCodes.MalformedRequest);
        await Join($"final;//evil.example{whole}").RefusedAsync(400, ErrorCodes.MalformedRequest);
        var chat = await tus.App.GroupAsync(tus.Ana);
        var before = (await tus.Ana.HistoryAsync(chat)).Count;
        await Join($"final;{whole} {whole}", ("Upload-Metadata", Meta(("chat_id", chat.ToString())))).RefusedAsync(400, ErrorCodes.MalformedRequest);
        Assert.Equal(before, (await tus.Ana.HistoryAsync(chat)).Count);
        await Join($"final;{whole} {stream}").RefusedAsync(404, ErrorCodes.NotFound);
        await Join($"final;{whole} {TusStage.Door}/01920000-0000-7000-8000-000000000000").RefusedAsync(404, ErrorCodes.NotFound);
        using (var theft = await tus.SendAsync(eve, "POST", TusStage.Door, null, ("Upload-Concat", $"final;{whole}")))
            Assert.Equal(404, (int)theft.StatusCode);
        await Join($"final;{whole}", ("Upload-Metadata", Meta(("chat_id", "01920000-0000-7000-8000-000000000000")))).RefusedAsync(404, ErrorCodes.NotFound);
        using var fine = await Join($"final;{whole}").AnsweredAsync(201);
    }

    [Fact]
    [OneNode("it damages a file in the folder of one server")]
    [PlainFolder("it cuts off what lies there")]
    public async Task A_joined_file_whose_bytes_are_lost_keeps_no_other_waiting()
    {
        var lost = await tus.PartAsync(Some(2 * Chunk));
        await using (var part = new FileStream(tus.App.Services.GetRequiredService<IBlobStore>().PathOf(IdOf(lost))!, FileMode.Open))
            part.SetLength(10_000);
        using var damaged = await tus.SendAsync("POST", TusStage.Door, null, ("Upload-Concat", "final;" + lost)).AnsweredAsync(201);
        var whole = await tus.PartAsync(Some(Chunk + 5));
        using var joined = await tus.SendAsync("POST", TusStage.Door, null, ("Upload-Concat", "final;" + whole)).AnsweredAsync(201);
        await DigestedAsync(joined.Headers.Location!.ToString());
        Assert.Null((await tus.Ana.Files.GetAsync(IdOf(damaged.Headers.Location!.ToString()))).Sha256Root);
        using var ended = await tus.SendAsync("DELETE", damaged.Headers.Location!.ToString()).AnsweredAsync(204);
    }

    private async Task DigestedAsync(string url)
    {
        var since = Stopwatch.StartNew();
        while ((await tus.Ana.Files.GetAsync(IdOf(url))).Sha256Root is null)
        {
            Assert.True(since.Elapsed < Patience, "The digests were not computed.");
            await Task.Yield();
        }
    }
}
