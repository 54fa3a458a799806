using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Blobs.S3;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.EngineSpecs.Blobs;

/// <summary>
/// An S3 server behind a bad line: told by the right exception in bounded time, nothing wrong accepted, over by itself. The
/// time is measured, and is short: the server must not be busy with other tests.
/// </summary>
[Collection(nameof(Alone))]
public sealed class S3AwaySpec : IAsyncLifetime
{
    private const int PartLength = 4_000_000;
    private const int Piece = 256 * 1024;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private readonly FaultProxy _proxy = S3Server.Proxy();
    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());
    private S3Bucket _bucket = null!;
    private S3BlobStore _store = null!;
    private readonly FileId _file = new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(PartLength);

    public async ValueTask InitializeAsync()
    {
        _bucket = new S3Bucket(S3Server.Through(await S3Server.CreateBucketAsync(), _proxy), _clock, new S3Patience { Stall = TimeSpan.FromSeconds(2) });
        _store = new S3BlobStore(_bucket, NullLogger<S3BlobStore>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _bucket?.Dispose();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task A_slow_line_is_only_slow()
    {
        _proxy.Latency = TimeSpan.FromMilliseconds(50);
        var parts = await Race.RunAsync(4, WriteAsync);
        await Race.RunAsync(4, async index => Assert.Equal(_bytes, await ReadAsync(parts[index])));
        await _store.DeleteAsync(_file, Cancellation);
        Assert.Empty(await KeysAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    [InlineData(PartLength - 1)]
    public async Task A_line_that_is_cut_in_the_middle_of_a_part_leaves_nothing_of_it(int after)
    {
        _proxy.CutAfter(after);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => WriteAsync(0));
        await RecoveredAsync();
    }

    [Fact]
    public async Task An_answer_that_is_cut_is_no_answer()
    {
        _proxy.CutAfter(5, answers: true);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => WriteAsync(0));
        await RecoveredAsync();
    }

    [Fact]
    public async Task A_server_that_takes_no_more_bytes_is_given_up_in_bounded_time()
    {
        await using (var write = await _store.WriteAsync(_file, Place(0), Cancellation))
        {
            await write.WriteAsync(new ReadOnlySequence<byte>(_bytes, 0, Piece), Cancellation);
            _proxy.Stall();
            await AwayAsync(async () =>
            {
                for (var at = Piece; at < PartLength; at += Piece)
                    await write.WriteAsync(Cut(at), Cancellation);
                await write.FinishAsync(Cancellation);
            });
        }

        _proxy.Resume();
        await RecoveredAsync();
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_in_bounded_time()
    {
        await using (var write = await _store.WriteAsync(_file, Place(0), Cancellation))
        {
            for (var at = 0; at < PartLength - Piece; at += Piece)
                await write.WriteAsync(Cut(at), Cancellation);
            _proxy.Stall();
            await write.WriteAsync(new ReadOnlySequence<byte>(_bytes, PartLength / Piece * Piece, PartLength % Piece), Cancellation);
            await AwayAsync(async () => await write.FinishAsync(Cancellation));
        }

        _proxy.Resume();
        await RecoveredAsync();
    }

    [Fact]
    public async Task A_client_that_pauses_is_waited_for_however_long_it_takes()
    {
        await using var write = await _store.WriteAsync(_file, Place(0), Cancellation);
        for (var at = 0; at < PartLength; at += Piece)
        {
            await write.WriteAsync(Cut(at), Cancellation);
            if (at + Piece < PartLength)
                _clock.Advance(TimeSpan.FromMinutes(1));
        }

        var part = Place(0) with { Name = await write.FinishAsync(Cancellation) };
        Assert.Equal(_bytes, await ReadAsync(part));
    }

    [Fact]
    public async Task A_caller_that_cancels_gets_its_bytes_back_at_once()
    {
        await using var write = await _store.WriteAsync(_file, Place(0), Cancellation);
        await write.WriteAsync(Cut(0), Cancellation);
        _proxy.Stall();
        using var cancelling = new CancellationTokenSource();
        var writing = SendAllAsync();
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        _proxy.Resume();

        async Task SendAllAsync()
        {
            for (var at = Piece; at < PartLength; at += Piece)
                await write.WriteAsync(Cut(at), cancelling.Token);
            await write.FinishAsync(cancelling.Token);
        }
    }

    [Fact]
    public async Task A_line_that_is_cut_while_reading_is_mended_without_a_word()
    {
        var part = await WriteAsync(0);
        await using var reader = await _store.OpenAsync(_file, Cancellation);
        var read = new byte[PartLength];
        var at = await reader.ReadAsync(part, 0, read.AsMemory(0, 1000), Cancellation);
        _proxy.CutAll();
        await FillAsync(reader, part, read, at);
        Assert.Equal(_bytes, read);
    }

    [Fact]
    public async Task A_server_that_gives_no_more_bytes_is_given_up_in_bounded_time()
    {
        var part = await WriteAsync(0);
        await using var reader = await _store.OpenAsync(_file, Cancellation);
        var read = new byte[PartLength];
        _proxy.StallAfter(PartLength / 2, answers: true);
        await AwayAsync(() => FillAsync(reader, part, read, 0));
        _proxy.Resume();
        await FillAsync(reader, part, read, 0);
        Assert.Equal(_bytes, read);
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_for_every_call_and_works_again_when_it_is_back()
    {
        var part = await WriteAsync(0);
        await _store.KeepAsideAsync(_file, "thumbnail", new byte[10], Cancellation);
        _proxy.IsAway = true;
        _proxy.CutAll();
        await AwayAsync(() => WriteAsync(1));
        await AwayAsync(() => ReadAsync(part));
        await AwayAsync(() => _store.KeepAsideAsync(_file, "thumbnail", new byte[20], Cancellation));
        await AwayAsync(() => _store.OpenAsideAsync(_file, "thumbnail", Cancellation));
        await AwayAsync(() => _store.DeleteAsync(_file, Cancellation));
        await AwayAsync(async () => await _store.ListAsync(Cancellation).CountAsync(Cancellation));
        await AwayAsync(() => new S3Probe(_bucket).ProbeAsync(Cancellation));

        _proxy.IsAway = false;
        await new S3Probe(_bucket).ProbeAsync(Cancellation);
        Assert.Equal(_bytes, await ReadAsync(part));
        Assert.Equal(_bytes, await ReadAsync(await WriteAsync(1)));
        await using var aside = await _store.OpenAsideAsync(_file, "thumbnail", Cancellation);
        Assert.Equal(10, aside!.Length);
    }

    private static BlobPlace Place(int index) => new(index, (long)index * PartLength, PartLength);

    private ReadOnlySequence<byte> Cut(int at) => new(_bytes, at, Math.Min(Piece, PartLength - at));

    private async Task<BlobPlace> WriteAsync(int index)
    {
        await using var write = await _store.WriteAsync(_file, Place(index), Cancellation);
        for (var at = 0; at < PartLength; at += Piece)
            await write.WriteAsync(Cut(at), Cancellation);
        return Place(index) with { Name = await write.FinishAsync(Cancellation) };
    }

    private async Task<byte[]> ReadAsync(BlobPlace part)
    {
        await using var reader = await _store.OpenAsync(_file, Cancellation);
        var read = new byte[part.Length];
        await FillAsync(reader, part, read, 0);
        return read;
    }

    private static async Task<int> FillAsync(IBlobReader reader, BlobPlace part, byte[] buffer, int at)
    {
        while (at < buffer.Length)
            at += await reader.ReadAsync(part, at, buffer.AsMemory(at), Cancellation);
        return at;
    }

    private static async Task AwayAsync(Func<Task> call)
    {
        var began = Stopwatch.GetTimestamp();
        var away = await Assert.ThrowsAsync<EngineUnavailableException>(call);
        Assert.Equal("storage", away.Engine);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Bound);
    }

    /// <summary>The next attempt works, and in the end it is the only one that is there.</summary>
    private async Task RecoveredAsync()
    {
        var part = await WriteAsync(0);
        Assert.Equal(_bytes, await ReadAsync(part));
        await _store.DropOthersAsync(_file, new HashSet<string> { part.Name! }, Cancellation);
        Assert.Equal([$"b/{_file}/{part.Name}"], await KeysAsync());
    }

    private async Task<List<string>> KeysAsync() => await _bucket.KeysAsync($"b/{_file}/", Cancellation).ToListAsync(Cancellation);
}
