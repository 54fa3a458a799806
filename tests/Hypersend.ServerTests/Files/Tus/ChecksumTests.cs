using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using static Hypersend.ServerTests.Files.Tus.TusStage;

namespace Hypersend.ServerTests.Files.Tus;

public sealed class ChecksumTests(TusStage tus) : IClassFixture<TusStage>
{
    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    [InlineData("md5")]
    public async Task Bytes_that_are_not_what_they_should_be_leave_nothing_behind(string algorithm)
    {
        var bytes = Some(2 * Chunk + 500);
        var url = await tus.CreateAsync(bytes.Length);
        using (await tus.PatchAsync(url, 0, bytes[..100], ("Upload-Checksum", Sum(algorithm, bytes[..100]))).AnsweredAsync(204))
            Assert.Equal(100, await tus.OffsetAsync(url));

        // Over the ends of two chunks: not even the whole ones are kept.
        var wrong = bytes[100..];
        wrong[^1] ^= 1;
        await tus.PatchAsync(url, 100, wrong, ("Upload-Checksum", Sum(algorithm, bytes[100..]))).RefusedAsync(460, ErrorCodes.UploadChecksumMismatch);
        Assert.Equal(100, await tus.OffsetAsync(url));
        using (await tus.PatchAsync(url, 100, bytes[100..], ("Upload-Checksum", Sum(algorithm, bytes[100..]))).AnsweredAsync(204))
            await tus.ShouldBeAsync(IdOf(url), bytes);
    }

    [Fact]
    public async Task An_unknown_algorithm_or_a_broken_value_is_refused()
    {
        var url = await tus.CreateAsync(10);
        await tus.PatchAsync(url, 0, Some(10), ("Upload-Checksum", "crc32 AAAAAA==")).RefusedAsync(400, ErrorCodes.UnknownChecksum);
        foreach (var value in new[] { "sha1", "sha1 ", "sha1 AAAA", "sha1 ***", "sha256 " + Convert.ToBase64String(new byte[20]) })
            await tus.PatchAsync(url, 0, Some(10), ("Upload-Checksum", value)).RefusedAsync(400, ErrorCodes.MalformedRequest);
        Assert.Equal(0, await tus.OffsetAsync(url));
    }

    [Fact]
    [PlainFolder("it reads the place of a chunk")]
    public async Task Refused_bytes_give_their_place_back()
    {
        var bytes = Some((2 * Chunk) + 500);
        var url = await tus.CreateAsync(null);
        using (await tus.PatchAsync(url, 0, bytes[..100]).AnsweredAsync(204))
            await tus.PatchAsync(url, 100, bytes[100..], ("Upload-Checksum", Sum("sha1", bytes))).RefusedAsync(460, ErrorCodes.UploadChecksumMismatch);
        var path = tus.App.Services.GetRequiredService<IBlobStore>().PathOf(IdOf(url))!;
        await SpaceTests.IsEmptyAsync(path, 100, bytes.Length);
        using (await tus.PatchAsync(url, 100, bytes[100..], ("Upload-Length", Text(bytes.Length))).AnsweredAsync(204))
            await tus.ShouldBeAsync(IdOf(url), bytes, ChunkGrid.LargestChunk);
    }

    [Fact]
    [PlainFolder("it reads the place of a chunk")]
    public async Task Over_the_quota_nothing_of_an_unknown_size_is_written()
    {
        var ben = await tus.App.SignUpAsync("ben");
        await tus.App.Services.GetRequiredService<SqlDatabase>().WriteAsync(
            sql => sql.ExecuteAsync("UPDATE users SET quota_bytes = @quota WHERE id = @Id", new { quota = (long)Chunk, ben.Id }), TestContext.Current.CancellationToken);
        var bytes = Some(3 * Chunk);
        foreach (var checksum in new[] { null, Sum("sha1", bytes) })
        {
            using var created = await tus.SendAsync(ben, "POST", TusStage.Door, null, ("Upload-Defer-Length", "1")).AnsweredAsync(201);
            var url = created.Headers.Location!.ToString();
            await tus.SendAsync(ben, "PATCH", url, bytes, ("Upload-Offset", "0"), ("Upload-Checksum", checksum)).RefusedAsync(507, ErrorCodes.QuotaExceeded);
            var path = tus.App.Services.GetRequiredService<IBlobStore>().PathOf(IdOf(url))!;
            Assert.InRange(new FileInfo(path).Length, 0, Chunk);
            await SpaceTests.IsEmptyAsync(path, 0, bytes.Length);
        }
    }

    [Fact]
    public async Task A_request_with_a_byte_too_many_publishes_nothing()
    {
        var bytes = Some(Chunk + 11);
        var url = await tus.CreateAsync(bytes.Length);
        using var request = new HttpRequestMessage(HttpMethod.Patch, url) { Content = new UnannouncedContent([.. bytes, 1]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", TusStage.Bytes);
        foreach (var (name, value) in new[] { ("Authorization", "Bearer " + tus.Ana.AccessToken), ("Tus-Resumable", "1.0.0"), ("Upload-Offset", "0") })
            request.Headers.TryAddWithoutValidation(name, value);
        var problem = await tus.App.Http.SendAsync(request, TestContext.Current.CancellationToken).RefusedAsync(413, ErrorCodes.FileTooLarge);
        Assert.Equal(bytes.Length, problem.More!["max_size"].GetInt64());
        Assert.Equal(Chunk, await tus.OffsetAsync(url));
        Assert.Equal(FileStates.Uploading, (await tus.Ana.Files.GetAsync(IdOf(url))).State);
        using (await tus.PatchAsync(url, Chunk, bytes[Chunk..]).AnsweredAsync(204))
            await tus.ShouldBeAsync(IdOf(url), bytes);
    }

    [Fact]
    public async Task The_first_bytes_are_checked_too()
    {
        var bytes = Some(10);
        var chat = await tus.App.GroupAsync(tus.Ana);
        var metadata = Meta(("chat_id", chat.ToString()));
        var (before, messages) = (await tus.Ana.Files.ListAsync(), await tus.Ana.HistoryAsync(chat));

        // Its client was told of no upload, so there is none, and no message either.
        await tus.SendAsync("POST", TusStage.Door, bytes, ("Upload-Length", "10"), ("Upload-Metadata", metadata), ("Upload-Checksum", Sum("sha1", Some(10))))
            .RefusedAsync(460, ErrorCodes.UploadChecksumMismatch);
        Assert.Equal(before.Items.Select(file => file.Id), (await tus.Ana.Files.ListAsync()).Items.Select(file => file.Id));
        Assert.Equal(messages.Count, (await tus.Ana.HistoryAsync(chat)).Count);
        using (await tus.SendAsync("POST", TusStage.Door, bytes, ("Upload-Length", "10"), ("Upload-Metadata", metadata), ("Upload-Checksum", Sum("sha1", bytes))).AnsweredAsync(201))
            Assert.Equal(FileStates.Ready, (await tus.Ana.HistoryAsync(chat))[^1].Files[0].State);
        using var created = await tus.SendAsync("POST", TusStage.Door, bytes, ("Upload-Length", "10"), ("Upload-Checksum", Sum("sha1", bytes))).AnsweredAsync(201);
        await tus.ShouldBeAsync(IdOf(created.Headers.Location!.ToString()), bytes);
    }
}
