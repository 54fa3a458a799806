using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;

namespace Hypersend.Tests.Sdk.Files;

public sealed class FileUploadTests : IDisposable
{
    private const int Chunk = FakeFileServer.ChunkSize;

    private readonly ScratchFolder _folder = new();
    private readonly FakeFileServer _server = new();
    private readonly HastyClock _clock = new();
    private readonly HypersendClient _client;

    public FileUploadTests() => _client = new HypersendClient(
        new Uri("http://server"), new HypersendOptions { Handler = _server, Tokens = new SessionTokens { AccessToken = "session", RefreshToken = null, AccessExpiresAt = DateTimeOffset.MaxValue } });

    public static TheoryData<string> Mishaps => ["cut", "answer lost", "corrupt", "busy", "foreign", "too fast", "too slow", "superseded", "full"];

    private TransferOptions Options => new() { Clock = _clock, StallAfter = TimeSpan.FromHours(1), GiveUpAfter = TimeSpan.FromHours(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task A_file_arrives_whatever_happens_on_the_way(string mishap)
    {
        using var source = FileOf(5 * Chunk + 17, out var bytes);
        foreach (var _ in Enumerable.Range(0, 3))
            _server.Mishaps.Enqueue(Of(mishap));

        var done = await UploadOf(source).RunAsync(Cancellation);

        Assert.Equal(bytes, _server.Whole);
        Assert.Equal(RootOf(bytes), done.Sha256Root);
        var again = mishap == "answer lost" ? 0 : 3;
        Assert.Equal(6 + again, _server.Asked.Count);
    }

    [Fact]
    public async Task A_request_that_stalls_is_begun_anew()
    {
        using var source = FileOf(2 * Chunk, out var bytes);
        _server.Mishaps.Enqueue(new Mishap { Stalls = _clock.PassLong });

        await UploadOf(source, Options with { Lanes = 1 }).RunAsync(Cancellation);

        Assert.Equal(bytes, _server.Whole);
        Assert.Equal(3, _server.Asked.Count);
    }

    [Theory]
    [InlineData("init")]
    [InlineData("complete")]
    public async Task A_small_call_that_nobody_answers_is_made_anew(string name)
    {
        using var source = FileOf(2 * Chunk, out var bytes);
        _server.Stalls = (name, _clock.PassLong);

        // Every call ends by itself after 100 s, by the clock on the wall.
        await UploadOf(source, Options with { Lanes = 1 }).RunAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        Assert.Equal(bytes, _server.Whole);
        Assert.True(_server.IsComplete);
        Assert.Null(_server.Stalls);
    }

    [Fact]
    public async Task The_server_says_how_long_to_wait()
    {
        using var source = FileOf(Chunk, out _);
        _server.Mishaps.Enqueue(new Mishap { Refusal = (429, ErrorCodes.RateLimited), RetryAfter = 42 });

        await UploadOf(source).RunAsync(Cancellation);

        Assert.Contains(TimeSpan.FromSeconds(42), _clock.Waits);
    }

    [Fact]
    public async Task Waits_grow_up_to_the_longest()
    {
        using var source = FileOf(Chunk, out _);
        foreach (var _ in Enumerable.Range(0, 10))
            _server.Mishaps.Enqueue(Of("cut"));

        await UploadOf(source, Options with { Chance = () => 1, FirstRetry = TimeSpan.FromSeconds(1), LongestRetry = TimeSpan.FromSeconds(20) }).RunAsync(Cancellation);

        Assert.Equal([1, 2, 4, 8, 16, 20, 20, 20, 20, 20], _clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task After_a_kill_at_most_one_chunk_a_lane_is_sent_again()
    {
        const int chunks = 40;
        using var source = FileOf(chunks * Chunk, out var bytes);
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _server.Meets = _ =>
        {
            if (_server.Asked.Count > 15)
                killed.Cancel();
        };
        Upload? begun = null;
        var first = UploadOf(source, Options with { Lanes = 4 });
        first.Begun += upload => begun = upload;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.RunAsync(killed.Token));
        Assert.InRange(_server.Chunks.Count, 1, chunks - 1);
        _server.Meets = null;

        var done = await _client.Files.Resume(source, begun!.UploadId, begun.UploadToken, Options with { Lanes = 4 }).RunAsync(Cancellation);

        Assert.Equal(bytes, _server.Whole);
        Assert.Equal(RootOf(bytes), done.Sha256Root);
        Assert.InRange(_server.Asked.Count, chunks, chunks + 4);
    }

    [Fact]
    public async Task A_failed_run_goes_on_where_it_ended()
    {
        using var source = FileOf(6 * Chunk, out var bytes);
        foreach (var mishap in new[] { null, null, new Mishap { Refusal = (403, ErrorCodes.Forbidden) } })
            _server.Mishaps.Enqueue(mishap);
        var upload = UploadOf(source, Options with { Lanes = 1 });
        await Assert.ThrowsAsync<HypersendException>(() => upload.RunAsync(Cancellation));

        await upload.RunAsync(Cancellation);

        Assert.Equal(bytes, _server.Whole);
        Assert.Equal([0, 1, 2, 2, 3, 4, 5], _server.Asked);
        Assert.Single(_server.ClientIds);
    }

    [Fact]
    public async Task A_token_that_is_not_good_any_more_is_renewed_by_the_session()
    {
        using var source = FileOf(3 * Chunk, out var bytes);
        _server.Meets = _ =>
        {
            if (_server.Asked.Count == 2)
                _server.RevokeTokens();
        };

        await UploadOf(source, Options with { Lanes = 1 }).RunAsync(Cancellation);

        Assert.Equal(bytes, _server.Whole);
        Assert.Equal([0, 1, 1, 2], _server.Asked);
    }

    [Theory]
    [InlineData(409, ErrorCodes.ChunkConflict, 1)]
    [InlineData(404, ErrorCodes.NotFound, 1)]
    [InlineData(410, ErrorCodes.UploadExpired, 1)]
    [InlineData(507, ErrorCodes.QuotaExceeded, 1)]
    [InlineData(507, ErrorCodes.StorageFull, 5)]
    [InlineData(422, ErrorCodes.ChecksumMismatch, 5)]
    public async Task What_no_repeating_can_help_fails_at_once_and_what_might_pass_after_a_few_times(int status, string code, int asked)
    {
        using var source = FileOf(Chunk, out _);
        foreach (var _ in Enumerable.Range(0, 10))
            _server.Mishaps.Enqueue(new Mishap { Refusal = (status, code) });

        var refusal = await Assert.ThrowsAsync<HypersendException>(() => UploadOf(source).RunAsync(Cancellation));

        Assert.Equal((status, code), (refusal.Status, refusal.Code));
        Assert.Equal(asked, _server.Asked.Count);
    }

    [Fact]
    public async Task Patience_has_an_end()
    {
        using var source = FileOf(Chunk, out _);
        foreach (var _ in Enumerable.Range(0, 10))
            _server.Mishaps.Enqueue(Of("cut"));

        await Assert.ThrowsAsync<HttpRequestException>(() => UploadOf(source, Options with { GiveUpAfter = TimeSpan.Zero }).RunAsync(Cancellation));

        Assert.Single(_server.Asked);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk)]
    [InlineData(3 * Chunk)]
    [InlineData(3 * Chunk + 1)]
    public async Task A_stream_of_any_length_arrives_though_nobody_knew_its_size(int length)
    {
        var bytes = BytesOf(length);
        using var source = UploadSource.OfStream(new MemoryStream(bytes));
        _server.Mishaps.Enqueue(Of("cut"));

        var done = await UploadOf(source).RunAsync(Cancellation);

        Assert.Equal(bytes, _server.Whole);
        Assert.Equal(RootOf(bytes), done.Sha256Root);
    }

    [Fact]
    public async Task A_stream_that_ends_before_its_size_is_no_file()
    {
        using var source = UploadSource.OfStream(new MemoryStream(BytesOf(Chunk)), size: Chunk + 1);

        await Assert.ThrowsAsync<InvalidDataException>(() => UploadOf(source).RunAsync(Cancellation));
    }

    [Fact]
    public async Task A_begin_whose_answer_is_lost_is_the_same_upload_the_second_time()
    {
        using var source = FileOf(Chunk, out var bytes);
        _server.InitAnswersToLose = 1;

        await UploadOf(source).RunAsync(Cancellation);

        Assert.Equal(bytes, _server.Whole);
        Assert.Equal(2, _server.ClientIds.Count);
        Assert.NotNull(Assert.Single(_server.ClientIds.Distinct()));
    }

    [Fact]
    public async Task A_chunk_that_the_server_lost_after_all_is_sent_once_more()
    {
        using var source = FileOf(4 * Chunk, out var bytes);
        _server.SecretsLost = 1;

        await UploadOf(source).RunAsync(Cancellation);

        Assert.Equal(bytes, _server.Whole);
        Assert.Equal(2, _server.Asked.Count(index => index == 0));
        Assert.Equal(5, _server.Asked.Count);
    }

    [Fact]
    public async Task A_server_that_has_another_root_is_not_believed()
    {
        using var source = FileOf(Chunk, out _);
        _server.RootToSay = new string('0', 64);

        await Assert.ThrowsAsync<InvalidDataException>(() => UploadOf(source).RunAsync(Cancellation));
    }

    [Fact]
    public async Task A_file_that_is_written_into_while_it_is_sent_is_found_out_and_not_published()
    {
        using var source = FileOf(6 * Chunk, out _);
        _server.Meets = index =>
        {
            if (index == 2)
                File.AppendAllText(Path.Combine(_folder.Path, "source"), "more");
        };

        await Assert.ThrowsAsync<SourceChangedException>(() => UploadOf(source, Options with { Lanes = 1 }).RunAsync(Cancellation));

        Assert.Equal([0, 1, 2], _server.Asked);
        Assert.False(_server.IsComplete);
    }

    [Fact]
    public async Task Progress_ends_at_the_whole_and_never_passes_it()
    {
        const int length = 7 * Chunk + 5;
        using var source = FileOf(length, out _);
        foreach (var mishap in new[] { "cut", "answer lost", "corrupt" })
            _server.Mishaps.Enqueue(Of(mishap));
        var told = new System.Collections.Concurrent.ConcurrentQueue<FileProgress>();
        var upload = UploadOf(source);
        upload.Progressed += told.Enqueue;

        await upload.RunAsync(Cancellation);

        Assert.All(told, one => Assert.InRange(one.Bytes, 0, length));
        var last = told.Last();
        Assert.Equal((length, length, 8, 8), (last.Bytes, last.TotalBytes, last.Chunks, last.TotalChunks));
        Assert.Equal(TimeSpan.Zero, last.TimeLeft);
        Assert.True(last.BytesPerSecond > 0);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    private static Mishap Of(string mishap) => mishap switch
    {
        "cut" => new Mishap { CutAt = 100 },
        "answer lost" => new Mishap { LosesAnswer = true },
        "corrupt" => new Mishap { Corrupts = true },
        "busy" => new Mishap { Refusal = (503, ErrorCodes.Busy), RetryAfter = 1 },
        "foreign" => new Mishap { Refusal = (502, HypersendException.ForeignAnswer) },
        "too fast" => new Mishap { Refusal = (429, ErrorCodes.RateLimited), RetryAfter = 1 },
        "too slow" => new Mishap { Refusal = (408, ErrorCodes.RequestTimeout) },
        "superseded" => new Mishap { Refusal = (409, ErrorCodes.ChunkSuperseded) },
        "full" => new Mishap { Refusal = (507, ErrorCodes.StorageFull) },
        _ => throw new ArgumentOutOfRangeException(nameof(mishap)),
    };

    private static byte[] BytesOf(int length) => RandomNumberGenerator.GetBytes(length);

    private static string RootOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData([.. bytes.Chunk(Chunk).SelectMany(SHA256.HashData)]));

    private FileUpload UploadOf(UploadSource source, TransferOptions? options = null) =>
        _client.Files.Upload(source, new InitUploadRequest { Filename = "file" }, options ?? Options);

    private UploadSource FileOf(int length, out byte[] bytes)
    {
        bytes = BytesOf(length);
        var path = Path.Combine(_folder.Path, "source");
        File.WriteAllBytes(path, bytes);
        return UploadSource.OfFile(path);
    }
}
