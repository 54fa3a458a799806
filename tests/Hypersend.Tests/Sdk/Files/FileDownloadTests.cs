using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;

namespace Hypersend.Tests.Sdk.Files;

public sealed class FileDownloadTests : IDisposable
{
    private const int Chunk = FakeDownloadServer.ChunkSize;

    private readonly ScratchFolder _folder = new();
    private readonly FakeDownloadServer _server = new();
    private readonly HastyClock _clock = new();
    private readonly HypersendClient _client;

    public FileDownloadTests() => _client = new HypersendClient(
        new Uri("http://server"), new HypersendOptions { Handler = _server, Tokens = new SessionTokens { AccessToken = "session", RefreshToken = null, AccessExpiresAt = DateTimeOffset.MaxValue } });

    private string Target => Path.Combine(_folder.Path, "file");

    private TransferOptions Options => new() { Clock = _clock, StallAfter = TimeSpan.FromHours(1), GiveUpAfter = TimeSpan.FromHours(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cut")]
    [InlineData("answer lost")]
    [InlineData("corrupt")]
    [InlineData("busy")]
    [InlineData("foreign")]
    [InlineData("too many")]
    public async Task A_file_arrives_whatever_happens_on_the_way(string mishap)
    {
        var bytes = Serve((5 * Chunk) + 17);
        foreach (var _ in Enumerable.Range(0, 3))
            _server.Mishaps.Enqueue(Of(mishap));

        var file = await Download().RunAsync(Target, cancellation: Cancellation);

        await ArrivedAsync(bytes);
        Assert.Equal(_server.Root, file.Sha256Root);
        Assert.Equal(9, _server.Asked.Count);
        Assert.Equal(1, _server.Confirmed);
    }

    [Fact]
    public async Task What_came_of_a_chunk_before_the_line_broke_is_not_fetched_again()
    {
        var bytes = Serve(Chunk);
        _server.Mishaps.Enqueue(new Mishap { CutAt = 1000 });
        _server.Mishaps.Enqueue(new Mishap { CutAt = 500 });

        await Download().RunAsync(Target, cancellation: Cancellation);

        await ArrivedAsync(bytes);
        Assert.Equal([0, 1000, 1500], _server.Asked);
    }

    [Fact]
    public async Task A_damaged_chunk_is_fetched_from_its_beginning()
    {
        var bytes = Serve(2 * Chunk);
        _server.Mishaps.Enqueue(new Mishap { CutAt = 1000 });
        _server.Mishaps.Enqueue(new Mishap { Corrupts = true });

        await Download(Options with { Lanes = 1 }).RunAsync(Target, cancellation: Cancellation);

        await ArrivedAsync(bytes);
        Assert.Equal([0, 1000, 0, Chunk], _server.Asked);
    }

    [Fact]
    public async Task An_answer_that_stalls_is_asked_for_anew()
    {
        var bytes = Serve(2 * Chunk);
        _server.Mishaps.Enqueue(new Mishap { Stalls = _clock.PassLong });

        await Download(Options with { Lanes = 1 }).RunAsync(Target, cancellation: Cancellation);

        await ArrivedAsync(bytes);
        Assert.Equal(3, _server.Asked.Count);
    }

    [Fact]
    public async Task After_a_kill_only_what_is_missing_or_damaged_is_fetched()
    {
        const int chunks = 20;
        var bytes = Serve(chunks * Chunk);
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _server.Meets = () =>
        {
            if (_server.Asked.Count > 8)
                killed.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Download(Options with { Lanes = 1 }).RunAsync(Target, cancellation: killed.Token));
        _server.Meets = null;
        Assert.False(File.Exists(Target));
        Assert.Equal(bytes.Length, new FileInfo(Target + ".part").Length);

        // The power went: a note is half written, another one is there and its bytes are not.
        await File.AppendAllTextAsync(Target + ".part.chunks", "1", Cancellation);
        await using (var part = File.OpenWrite(Target + ".part"))
        {
            part.Position = 3 * Chunk;
            part.Write(new byte[100]);
        }

        _server.Asked.Clear();
        await Download().RunAsync(Target, cancellation: Cancellation);

        await ArrivedAsync(bytes);
        Assert.Equal(chunks - 8 + 1, _server.Asked.Count);
        Assert.Contains(3 * Chunk, _server.Asked);
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task What_is_left_of_another_file_is_begun_anew()
    {
        Serve(3 * Chunk);
        _server.Mishaps.Enqueue(null);
        _server.Mishaps.Enqueue(Of("gone"));
        await Assert.ThrowsAsync<HypersendException>(() => Download(Options with { Lanes = 1 }).RunAsync(Target, cancellation: Cancellation));
        _server.Asked.Clear();
        var bytes = Serve(2 * Chunk);

        await Download().RunAsync(Target, cancellation: Cancellation);

        await ArrivedAsync(bytes);
        Assert.Equal(2, _server.Asked.Count);
    }

    [Fact]
    public async Task A_file_whose_digests_are_not_known_yet_is_fetched_and_not_confirmed()
    {
        var bytes = Serve((2 * Chunk) + 1);
        _server.HasRoot = false;

        await Download().RunAsync(Target, cancellation: Cancellation);

        await ArrivedAsync(bytes);
        Assert.Equal(0, _server.Confirmed);
    }

    [Fact]
    public async Task An_empty_file_is_a_file_too()
    {
        var bytes = Serve(0);

        await Download().RunAsync(Target, cancellation: Cancellation);

        await ArrivedAsync(bytes);
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_no_two_fetch_into_one_place()
    {
        Serve(Chunk);
        await File.WriteAllTextAsync(Target, "mine", Cancellation);
        await Assert.ThrowsAsync<IOException>(() => Download().RunAsync(Target, cancellation: Cancellation));
        Assert.Equal("mine", await File.ReadAllTextAsync(Target, Cancellation));

        File.Delete(Target);
        await using var other = new FileStream(Target + ".part.chunks", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        await Assert.ThrowsAsync<PlaceTakenException>(() => Download().RunAsync(Target, cancellation: Cancellation));
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task Digests_that_do_not_belong_to_the_root_are_not_believed()
    {
        Serve(Chunk);
        _server.Lies = true;

        await Assert.ThrowsAsync<InvalidDataException>(() => Download().RunAsync(Target, cancellation: Cancellation));
    }

    [Theory]
    [InlineData(410, ErrorCodes.FileGone, 1)]
    [InlineData(404, ErrorCodes.NotFound, 1)]
    public async Task What_no_repeating_can_help_fails_at_once(int status, string code, int asked)
    {
        Serve(Chunk);
        foreach (var _ in Enumerable.Range(0, 10))
            _server.Mishaps.Enqueue(new Mishap { Refusal = (status, code) });

        var refusal = await Assert.ThrowsAsync<HypersendException>(() => Download().RunAsync(Target, cancellation: Cancellation));

        Assert.Equal((status, code, asked), (refusal.Status, refusal.Code, _server.Asked.Count));
    }

    [Fact]
    public async Task Bytes_that_are_always_damaged_fail_after_a_few_times()
    {
        Serve(Chunk);
        foreach (var _ in Enumerable.Range(0, 10))
            _server.Mishaps.Enqueue(Of("corrupt"));

        await Assert.ThrowsAnyAsync<IOException>(() => Download().RunAsync(Target, cancellation: Cancellation));

        Assert.Equal(5, _server.Asked.Count);
    }

    [Fact]
    public async Task A_file_that_was_given_up_is_refused()
    {
        Serve(Chunk);
        _server.State = FileStates.Failed;

        await Assert.ThrowsAsync<FileGoneException>(() => Download().RunAsync(Target, cancellation: Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_still_coming_is_followed_to_its_end(bool isSizeKnown)
    {
        var bytes = Serve((4 * Chunk) + 9);
        (_server.Coming, _server.IsSizeKnown) = (0, isSizeKnown);

        var file = await Download().RunAsync(Target, cancellation: Cancellation);

        await ArrivedAsync(bytes);
        Assert.True(file.IsVerified);
        Assert.Equal(5, _server.Asked.Count);
        Assert.Equal(1, _server.Confirmed);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("corrupt")]
    public async Task A_stream_gets_every_byte_once_and_in_order(string mishap)
    {
        var bytes = Serve((9 * Chunk) + 5);
        foreach (var _ in Enumerable.Range(0, 3))
            _server.Mishaps.Enqueue(Of(mishap));
        using var target = new MemoryStream();

        await Download().RunAsync(target, Cancellation);

        Assert.Equal(bytes, target.ToArray());
    }

    [Fact]
    public async Task A_stream_follows_a_file_that_is_still_coming()
    {
        var bytes = Serve((4 * Chunk) + 9);
        (_server.Coming, _server.IsSizeKnown) = (0, false);
        using var target = new MemoryStream();

        await Download().RunAsync(target, Cancellation);

        Assert.Equal(bytes, target.ToArray());
    }

    [Fact]
    public async Task A_file_that_is_there_goes_only_when_that_is_wanted()
    {
        var bytes = Serve(Chunk);
        await File.WriteAllTextAsync(Target, "old", Cancellation);

        await Download().RunAsync(Target, replaces: true, Cancellation);

        await ArrivedAsync(bytes);
    }

    [Fact]
    public async Task Progress_ends_at_the_whole_and_never_passes_it()
    {
        const int length = (7 * Chunk) + 5;
        Serve(length);
        foreach (var mishap in new[] { "cut", "answer lost", "corrupt" })
            _server.Mishaps.Enqueue(Of(mishap));
        var told = new System.Collections.Concurrent.ConcurrentQueue<FileProgress>();
        var download = Download();
        download.Progressed += told.Enqueue;

        await download.RunAsync(Target, cancellation: Cancellation);

        Assert.All(told, one => Assert.InRange(one.Bytes, 0, length));
        var last = told.Last();
        Assert.Equal((length, length, 8, 8), (last.Bytes, last.TotalBytes, last.Chunks, last.TotalChunks));
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    private static Mishap Of(string mishap) => mishap switch
    {
        "cut" => new Mishap { CutAt = 10 },
        "answer lost" => new Mishap { LosesAnswer = true },
        "corrupt" => new Mishap { Corrupts = true },
        "busy" => new Mishap { Refusal = (503, ErrorCodes.NotYetHere), RetryAfter = 1 },
        "foreign" => new Mishap { Refusal = (502, HypersendException.ForeignAnswer) },
        "too many" => new Mishap { Refusal = (429, ErrorCodes.TooManyDownloads), RetryAfter = 1 },
        "gone" => new Mishap { Refusal = (410, ErrorCodes.FileGone) },
        _ => throw new ArgumentOutOfRangeException(nameof(mishap)),
    };

    private byte[] Serve(int length) => _server.Whole = RandomNumberGenerator.GetBytes(length);

    private FileDownload Download(TransferOptions? options = null) => _client.Files.Download(_server.Id, options ?? Options);

    private async Task ArrivedAsync(byte[] bytes) => Assert.Equal(bytes, await File.ReadAllBytesAsync(Target, Cancellation));
}
