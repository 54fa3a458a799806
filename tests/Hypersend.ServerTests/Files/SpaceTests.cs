using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>What is refused takes no space: it is not written, or its place is given back. What has a row stays.</summary>
[PlainFolder("it reads the place of a chunk")]
public sealed class SpaceTests(App app) : IClassFixture<App>
{
    private const int Chunk = FileCalls.Chunk;

    [Fact]
    public async Task Over_the_quota_nothing_of_an_unknown_size_is_written()
    {
        var ana = await LimitedAsync(3.5);
        var upload = await ana.BeginAsync(size: null);
        var bytes = FileCalls.Bytes(Chunk);
        foreach (var index in new[] { 0, 1, 2 })
            await ana.Files.SendChunkAsync(upload.UploadId, index, bytes);

        var problem = await ana.PutChunkAsync(upload.UploadId, 8, bytes).RefusedAsync(507, ErrorCodes.QuotaExceeded);
        Assert.Equal(3 * Chunk, problem.More!["used_bytes"].GetInt64());
        Assert.Equal(3 * Chunk, new FileInfo(PathOf(upload.FileId)).Length);

        // Whose length nobody says is taken as far as there is room, and given back.
        await ana.PutChunkAsync(upload.UploadId, "3", new UnannouncedContent(bytes)).RefusedAsync(507, ErrorCodes.QuotaExceeded);
        await IsEmptyAsync(upload.FileId, 3 * Chunk);
        await ana.PutChunkAsync(upload.UploadId, "3", new UnannouncedContent(bytes[..1000])).AnsweredAsync(200);
        Assert.Equal((3 * Chunk) + 1000, (await ana.Files.CompleteAsync(upload.UploadId)).Size);
        byte[] whole = [.. bytes, .. bytes, .. bytes, .. bytes[..1000]];
        Assert.Equal(whole, await app.StoredAsync(upload.FileId));
        await FileBooks.CheckAsync(app);
    }

    [Fact]
    public async Task Many_chunks_at_once_do_not_all_find_the_same_room()
    {
        var ana = await LimitedAsync(2);
        var upload = await ana.BeginAsync(size: null);
        var bytes = FileCalls.Bytes(Chunk);

        await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, async (index, _) =>
        {
            using var answer = await ana.PutChunkAsync(upload.UploadId, index, bytes);
            Assert.Contains((int)answer.StatusCode, new[] { 200, 507 });
        });

        var status = await ana.Files.GetStatusAsync(upload.UploadId);
        Assert.InRange(status.ReceivedBytes, 0, 2 * Chunk);
        var received = status.Received.SelectMany(range => Enumerable.Range(range[0], range[1] - range[0] + 1)).ToHashSet();
        foreach (var index in Enumerable.Range(0, 8).Where(index => !received.Contains(index)))
            await IsEmptyAsync(upload.FileId, (long)index * Chunk);
    }

    [Fact]
    public async Task Bytes_that_are_not_what_they_should_be_give_their_place_back_and_leave_others_alone()
    {
        var ana = await app.SignUpAsync("ana");
        var bytes = FileCalls.Bytes(Chunk);
        foreach (var size in new long?[] { null, 3 * Chunk })
        {
            var upload = await ana.BeginAsync(size);
            await ana.Files.SendChunkAsync(upload.UploadId, 0, bytes);
            await ana.Files.SendChunkAsync(upload.UploadId, 2, bytes);

            await ana.PutChunkAsync(upload.UploadId, 1, bytes, ("X-Chunk-SHA256", new string('0', 64))).RefusedAsync(422, ErrorCodes.ChecksumMismatch);
            await IsEmptyAsync(upload.FileId, Chunk);
            await ana.PutChunkAsync(upload.UploadId, 0, bytes, ("X-Chunk-SHA256", new string('0', 64))).RefusedAsync(422, ErrorCodes.ChecksumMismatch);

            await ana.Files.SendChunkAsync(upload.UploadId, 1, bytes);
            await ana.Files.CompleteAsync(upload.UploadId);
            byte[] whole = [.. bytes, .. bytes, .. bytes];
            Assert.Equal(whole, await app.StoredAsync(upload.FileId));
        }
    }

    [Fact]
    public async Task A_file_of_an_unknown_size_grows_to_the_limit_and_no_further()
    {
        await using var small = await App.StartAsync("--MAX_FILE_SIZE=2097152");
        var ana = await small.SignUpAsync("ana");
        var upload = await ana.BeginAsync(size: null);
        var bytes = FileCalls.Bytes(Chunk);
        await ana.Files.SendChunkAsync(upload.UploadId, 0, bytes);
        await ana.Files.SendChunkAsync(upload.UploadId, 1, bytes);

        var problem = await ana.PutChunkAsync(upload.UploadId, 2, bytes).RefusedAsync(413, ErrorCodes.FileTooLarge);

        Assert.Equal(2 * Chunk, problem.More!["max_size"].GetInt64());
        Assert.Equal(2 * Chunk, new FileInfo(small.Services.GetRequiredService<IBlobStore>().PathOf(upload.FileId)!).Length);
    }

    private async Task<Person> LimitedAsync(double mebibytes)
    {
        var person = await app.SignUpAsync("ana");
        await app.Admin.Admin.UpdateUserAsync(person.Id, new AdminUpdateUserRequest { QuotaBytes = (long)(mebibytes * Chunk) });
        return person;
    }

    private string PathOf(FileId file) => app.Services.GetRequiredService<IBlobStore>().PathOf(file)!;

    private Task IsEmptyAsync(FileId file, long from) => IsEmptyAsync(PathOf(file), from, Chunk);

    /// <summary>A place that was given back reads as zeros, if the file goes so far at all.</summary>
    internal static async Task IsEmptyAsync(string path, long from, int length)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = from;
        var bytes = new byte[length];
        var count = await file.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        Assert.False(bytes.AsSpan(0, count).ContainsAnyExcept((byte)0), "There is something left.");
    }
}
