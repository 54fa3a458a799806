using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>Chunks as they should not be, and as they may be.</summary>
public sealed class ChunkTests(App app) : IClassFixture<App>
{
    private const int Chunk = FileCalls.Chunk;

    private static readonly byte[] First = FileCalls.Bytes(Chunk);
    private static readonly byte[] Second = FileCalls.Bytes(Chunk);
    private static readonly byte[] Third = FileCalls.Bytes(100);

    [Fact]
    public async Task Chunks_of_a_wrong_length_leave_nothing_behind_with_a_length_and_without()
    {
        var (ana, id) = await BeginAsync();
        byte[] longer = [.. First, 1];
        foreach (var wrong in new[] { First[..^1], longer, [], First[..1] })
        {
            await ana.PutChunkAsync(id, 0, wrong).RefusedAsync(422, ErrorCodes.WrongLength);
            await ana.PutChunkAsync(id, "0", new UnannouncedContent(wrong)).RefusedAsync(422, ErrorCodes.WrongLength);
        }

        await ana.PutChunkAsync(id, 2, First).RefusedAsync(422, ErrorCodes.WrongLength);
        Assert.Empty((await ana.Files.GetStatusAsync(id)).Received);
        await FinishAsync(ana, id);
    }

    [Fact]
    public async Task A_chunk_longer_than_any_may_be_has_a_wrong_length_too()
    {
        var (ana, id) = await BeginAsync();
        var (unknown, tooLong) = (await ana.BeginAsync(null), new byte[ChunkGrid.LargestChunk + 1]);
        await ana.PutChunkAsync(id, 0, tooLong).RefusedAsync(422, ErrorCodes.WrongLength);
        await ana.PutChunkAsync(unknown.UploadId, "0", new UnannouncedContent(tooLong)).RefusedAsync(422, ErrorCodes.WrongLength);
        Assert.Empty((await ana.Files.GetStatusAsync(id)).Received);
    }

    [Fact]
    public async Task The_digests_lie_at_their_places_while_chunks_before_them_are_missing()
    {
        var (ana, id) = await BeginAsync();
        Assert.Empty((await ana.Files.GetDigestsAsync(id)).Sha256);
        await ana.PutChunkAsync(id, 1, Second).AnsweredAsync(200);
        Assert.Equal([null, DigestOf(Second)], (await ana.Files.GetDigestsAsync(id)).Sha256);
        await ana.PutChunkAsync(id, 0, First).AnsweredAsync(200);
        Assert.Equal([DigestOf(First), DigestOf(Second)], (await ana.Files.GetDigestsAsync(id)).Sha256);

        static string DigestOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    [Fact]
    public async Task A_chunk_may_come_without_a_length()
    {
        var (ana, id) = await BeginAsync();
        await ana.PutChunkAsync(id, "2", new UnannouncedContent(Third)).AnsweredAsync(200);
        await ana.PutChunkAsync(id, "0", new UnannouncedContent(First)).AnsweredAsync(200);
        await FinishAsync(ana, id);
    }

    [Fact]
    public async Task Whatever_type_is_said_the_bytes_are_taken_as_they_are()
    {
        var (ana, id) = await BeginAsync();
        foreach (var type in new[] { "application/json", "text/plain; charset=utf-16", "application/x-www-form-urlencoded", "nonsense" })
            await ana.PutChunkAsync(id, 0, First, ("Content-Type", type)).AnsweredAsync(200);
        await FinishAsync(ana, id);
    }

    [Theory]
    [InlineData("-1", 422, ErrorCodes.ChunkOutOfRange)]
    [InlineData("3", 422, ErrorCodes.ChunkOutOfRange)]
    [InlineData("2147483647", 422, ErrorCodes.ChunkOutOfRange)]
    [InlineData("-2147483648", 422, ErrorCodes.ChunkOutOfRange)]
    [InlineData("2147483648", 400, ErrorCodes.MalformedRequest)]
    [InlineData("99999999999999999999", 400, ErrorCodes.MalformedRequest)]
    [InlineData("%201", 422, ErrorCodes.ValidationFailed)]
    [InlineData("1%20", 422, ErrorCodes.ValidationFailed)]
    [InlineData("%2B1", 422, ErrorCodes.ValidationFailed)]
    [InlineData("one", 400, ErrorCodes.MalformedRequest)]
    [InlineData("0.5", 400, ErrorCodes.MalformedRequest)]
    [InlineData(null, 422, ErrorCodes.ValidationFailed)]
    public async Task A_number_that_no_chunk_has_is_refused(string? index, int status, string code)
    {
        var (ana, id) = await BeginAsync();

        await ana.PutChunkAsync(id, index, new ByteArrayContent(First)).RefusedAsync(status, code);

        Assert.Empty((await ana.Files.GetStatusAsync(id)).Received);
    }

    [Theory]
    [InlineData("X-Chunk-SHA256", "not hexadecimal")]
    [InlineData("X-Chunk-SHA256", "abcd")]
    [InlineData("Content-Digest", "sha-256=abcd")]
    [InlineData("Content-Digest", "sha-256=:abcd:")]
    [InlineData("Content-Digest", "sha-256=::")]
    public async Task A_digest_that_cannot_be_read_is_not_passed_over(string header, string value)
    {
        var (ana, id) = await BeginAsync();

        await ana.PutChunkAsync(id, 0, First, (header, value)).RefusedAsync(422, ErrorCodes.ValidationFailed);

        Assert.Empty((await ana.Files.GetStatusAsync(id)).Received);
    }

    [Fact]
    public async Task A_digest_of_other_bytes_keeps_nothing_in_either_form_and_the_right_one_is_taken()
    {
        var (ana, id) = await BeginAsync();
        var (right, wrong) = (SHA256.HashData(First), SHA256.HashData(Second));

        await ana.PutChunkAsync(id, 0, First, ("X-Chunk-SHA256", Convert.ToHexString(wrong))).RefusedAsync(422, ErrorCodes.ChecksumMismatch);
        await ana.PutChunkAsync(id, 0, First, ("Content-Digest", $"sha-256=:{Convert.ToBase64String(wrong)}:")).RefusedAsync(422, ErrorCodes.ChecksumMismatch);
        await ana.PutChunkAsync(id, 0, First, ("X-Chunk-SHA256", Convert.ToHexString(SHA256.HashData(First))), ("Content-Digest", $"sha-256=:{Convert.ToBase64String(wrong)}:"))
            .RefusedAsync(422, ErrorCodes.ValidationFailed);
        Assert.Empty((await ana.Files.GetStatusAsync(id)).Received);

        await ana.PutChunkAsync(id, 0, First, ("X-Chunk-SHA256", Convert.ToHexString(right))).AnsweredAsync(200);
        await ana.PutChunkAsync(id, 1, Second, ("Content-Digest", $"sha-512=:AAAA:, sha-256=:{Convert.ToBase64String(wrong)}:")).AnsweredAsync(200);
        await FinishAsync(ana, id);
    }

    [Fact]
    public async Task The_same_bytes_again_are_welcome_and_others_are_a_conflict_before_and_after_the_end()
    {
        var (ana, id) = await BeginAsync();
        for (var round = 0; round < 2; round++)
        {
            await ana.PutChunkAsync(id, 0, First).AnsweredAsync(200);
            await ana.PutChunkAsync(id, 0, Second).RefusedAsync(409, ErrorCodes.ChunkConflict);
            await ana.PutChunkAsync(id, 0, First, ("X-Chunk-SHA256", Convert.ToHexString(SHA256.HashData(Second)))).RefusedAsync(422, ErrorCodes.ChecksumMismatch);
            await FinishAsync(ana, id);
        }

        await ana.PutChunkAsync(id, 3, First).RefusedAsync(409, ErrorCodes.UploadClosed);
    }

    [Fact]
    public async Task Somebody_elses_upload_is_not_there()
    {
        var (_, id) = await BeginAsync();
        var eve = await app.SignUpAsync("eve");

        await eve.PutChunkAsync(id, 0, First).RefusedAsync(404, ErrorCodes.NotFound);
        await eve.Files.CompleteAsync(id).RefusedAsync(404, ErrorCodes.NotFound);
        await eve.Files.DeleteAsync(id).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task What_is_missing_is_named_and_a_wrong_root_may_be_put_right()
    {
        var (ana, id) = await BeginAsync();
        await ana.PutChunkAsync(id, 1, Second).AnsweredAsync(200);

        var missing = await ana.PostAsync($"/api/v1/files/{id}/complete").RefusedAsync(409, ErrorCodes.ChunksMissing);

        Assert.Equal("[[0,0],[2,2]]", missing.More!["missing"].GetRawText());
        await ana.PutChunkAsync(id, 0, First).AnsweredAsync(200);
        await ana.PutChunkAsync(id, 2, Third).AnsweredAsync(200);
        await ana.Files.CompleteAsync(id, new string('0', 64)).RefusedAsync(422, ErrorCodes.ChecksumMismatch);
        await ana.PostAsync($"/api/v1/files/{id}/complete", """{"sha256_root":"zz"}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await FinishAsync(ana, id);
        await ana.Files.CompleteAsync(id, new string('0', 64)).RefusedAsync(422, ErrorCodes.ChecksumMismatch);
    }

    [Fact]
    public async Task A_hundred_at_once_with_the_same_chunk_make_one_row_and_the_right_bytes()
    {
        var (ana, id) = await BeginAsync();

        var codes = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => CodeOfAsync(ana.PutChunkAsync(id, 0, First))));

        Assert.All(codes, code => Assert.Contains(code, new[] { 200, 409 }));
        Assert.Contains(200, codes);
        await ana.PutChunkAsync(id, 0, First).AnsweredAsync(200);
        var status = await ana.Files.GetStatusAsync(id);
        Assert.Equal(Chunk, status.ReceivedBytes);
        Assert.Equal(First, await app.StoredAsync(id));
        await FinishAsync(ana, id);
        await FileBooks.CheckAsync(app);
    }

    [Fact]
    public async Task A_client_of_one_byte_a_second_is_sent_away()
    {
        var clock = new PaceClock();
        await using var slow = await App.StartWithAsync(services => services.AddSingleton<TimeProvider>(clock));
        var ana = await slow.SignUpAsync("ana");
        var upload = await ana.BeginAsync(Chunk);
        var body = new DrippingContent();

        var answer = ana.PutChunkAsync(upload.UploadId, "0", body);
        await clock.LetPassAsync();
        body.End();

        await answer.RefusedAsync(408, ErrorCodes.RequestTimeout);
        Assert.Empty((await ana.Files.GetStatusAsync(upload.UploadId)).Received);
        await ana.PutChunkAsync(upload.UploadId, 0, First).AnsweredAsync(200);
    }

    private async Task<int> CodeOfAsync(Task<HttpResponseMessage> call)
    {
        try
        {
            using var answer = await call;
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException failure)
        {
            throw new InvalidOperationException(failure + string.Join('\n', app.Logs.Lines.TakeLast(10)), failure);
        }
    }

    private async Task<(Person Ana, FileId Id)> BeginAsync()
    {
        var ana = await app.SignUpAsync("ana");
        return (ana, (await ana.BeginAsync((2 * Chunk) + Third.Length)).UploadId);
    }

    private async Task FinishAsync(Person ana, FileId id)
    {
        await ana.PutChunkAsync(id, 2, Third).AnsweredAsync(200);
        await ana.PutChunkAsync(id, 0, First).AnsweredAsync(200);
        await ana.PutChunkAsync(id, 1, Second).AnsweredAsync(200);
        var done = await ana.Files.CompleteAsync(id);
        Assert.Equal(FileCalls.RootOf([First, Second, Third]), done.Sha256Root);
        byte[] whole = [.. First, .. Second, .. Third];
        Assert.Equal(whole, await app.StoredAsync(id));
    }
}
