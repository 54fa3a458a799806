using System.Buffers;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.EngineSpecs.Blobs;

public sealed class BlobStoreOnDisk : BlobStoreSpec, IDisposable
{
    private const long FarAway = 40L * 1024 * 1024 * 1024;

    private readonly ScratchFolder _folder = new();
    private readonly UnsteadyCalls _calls = new();
    private readonly DiskBlobStore _store;

    public BlobStoreOnDisk() => _store = new DiskBlobStore(_folder.Path, TimeProvider.System, _calls);

    private protected override IBlobStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nothing_is_there_before_the_place_was_made()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await Store.OpenAsync(NewId(), Cancellation));
        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await Store.WriteAsync(NewId(), Place(0), Cancellation));
    }

    [Fact]
    public async Task A_file_is_its_owners_alone_and_lies_under_the_end_of_its_id()
    {
        var file = await CreateAsync();
        var path = Store.PathOf(file)!;
        Assert.Equal(Path.Combine(_folder.Path, "files", file.ToString()[^2..], file.ToString()), path);
        Assert.Equal(0, new FileInfo(path).Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        }
    }

    [Fact]
    public async Task A_part_40_GiB_away_takes_no_more_room_than_its_bytes()
    {
        var file = await CreateAsync();
        var free = new DriveInfo(_folder.Path).AvailableFreeSpace;
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var part = await WriteAsync(file, new BlobPlace(5000, FarAway - PartLength, PartLength), bytes);
        Assert.Equal(bytes, await ReadAsync(file, part));
        Assert.Equal(FarAway, new FileInfo(Store.PathOf(file)!).Length);
        Assert.InRange(free - new DriveInfo(_folder.Path).AvailableFreeSpace, long.MinValue, FarAway / 4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_that_found_no_room_says_more_than_the_figure_of_before(bool whenFlushed)
    {
        using var store = new DiskBlobStore(_folder.Path, new ManualClock(), _calls);
        var file = NewId();
        await store.CreateAsync(file, Cancellation);
        _calls.Free = 1000;
        Assert.Equal(1000, store.FreeBytes);
        _calls.Free = 0;
        Assert.Equal(1000, store.FreeBytes);

        var full = new IOException("No space left on device", 28);
        await using var write = await store.WriteAsync(file, Place(0), Cancellation);
        if (whenFlushed)
            _calls.FailNextFlush(full);
        else
            _calls.FailNextWrite(full);
        await Assert.ThrowsAsync<StorageFullException>(async () =>
        {
            await write.WriteAsync(new ReadOnlySequence<byte>(new byte[PartLength]), Cancellation);
            await write.FinishAsync(Cancellation);
        });
        Assert.Equal(0, store.FreeBytes);
    }

    [Fact]
    public async Task A_reader_keeps_its_file_when_it_is_deleted()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var part = await WriteAsync(file, Place(0), bytes);
        await using var reader = await Store.OpenAsync(file, Cancellation);
        await Store.DeleteAsync(file, Cancellation);
        Assert.Equal(bytes, await ReadAsync(reader, part));
    }

    [Fact]
    public async Task A_file_made_again_is_not_the_deleted_one_that_is_still_being_written()
    {
        var file = await CreateAsync();
        await using var old = await Store.WriteAsync(file, Place(0), Cancellation);
        await old.WriteAsync(new ReadOnlySequence<byte>(new byte[PartLength]), Cancellation);
        await Store.DeleteAsync(file, Cancellation);
        await Store.CreateAsync(file, Cancellation);
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var part = await WriteAsync(file, Place(0), bytes);
        await old.FinishAsync(Cancellation);
        Assert.Equal(bytes, await ReadAsync(file, part));
    }

    [Fact]
    public async Task A_file_shorter_than_its_rows_say_is_told()
    {
        var file = await CreateAsync();
        await using var reader = await Store.OpenAsync(file, Cancellation);
        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await reader.ReadAsync(Place(0), 0, new byte[1], Cancellation));
    }

    [Fact]
    public async Task Writers_that_finish_while_a_flush_runs_share_the_next_one()
    {
        const int Writers = 9;
        var file = await CreateAsync();
        var writes = await Race.RunAsync(Writers, async index =>
        {
            var write = await Store.WriteAsync(file, Place(index), Cancellation);
            await write.WriteAsync(new ReadOnlySequence<byte>(new byte[PartLength]), Cancellation);
            return write;
        });

        using var flush = _calls.HoldFlush();
        var first = writes[0].FinishAsync(Cancellation).AsTask();
        await flush.Begun;
        var others = writes[1..].Select(write => write.FinishAsync(Cancellation).AsTask()).ToArray();
        Assert.All(others, other => Assert.False(other.IsCompleted));
        flush.Release();
        await first;
        await Task.WhenAll(others);
        Assert.Equal(2, _calls.Flushes);
        foreach (var write in writes)
            await write.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_flush_fails_every_unanswered_part_and_is_not_tried_again()
    {
        var file = await CreateAsync();
        var answered = await WriteAsync(file, Place(3), RandomNumberGenerator.GetBytes(PartLength));
        await _calls.AllClosedAsync(Cancellation);
        await using var first = await BeginAsync(file, 0);
        await using var second = await BeginAsync(file, 1);
        await using var third = await Store.WriteAsync(file, Place(2), Cancellation);

        using var flush = _calls.HoldFlush();
        _calls.FailNextFlush(new IOException("Input/output error", 5));
        var finishing = first.FinishAsync(Cancellation).AsTask();
        await flush.Begun;
        var waiting = second.FinishAsync(Cancellation).AsTask();
        flush.Release();
        await Assert.ThrowsAsync<EngineUnavailableException>(() => finishing);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<EngineUnavailableException>(
            async () => await third.WriteAsync(new ReadOnlySequence<byte>(new byte[PartLength]), Cancellation));
        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await second.FinishAsync(Cancellation));
        Assert.Equal(2, _calls.Flushes);

        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        Assert.Equal(bytes, await ReadAsync(file, await WriteAsync(file, Place(0), bytes)));
        Assert.Equal(PartLength, (await ReadAsync(file, answered)).Length);
        Assert.Equal(3, _calls.Handles);
    }

    [Theory]
    [InlineData(28)]
    [InlineData(122)]
    public async Task A_full_disk_is_told_at_a_write_and_at_a_flush(int error)
    {
        var file = await CreateAsync();
        await using (var write = await Store.WriteAsync(file, Place(0), Cancellation))
        {
            _calls.FailNextWrite(new IOException("No space", error));
            await Assert.ThrowsAsync<StorageFullException>(
                async () => await write.WriteAsync(new ReadOnlySequence<byte>(new byte[PartLength]), Cancellation));
        }

        await using (var write = await BeginAsync(file, 0))
        {
            _calls.FailNextFlush(new IOException("No space", error));
            await Assert.ThrowsAsync<StorageFullException>(async () => await write.FinishAsync(Cancellation));
        }

        await WriteAsync(file, Place(0), new byte[PartLength]);
    }

    [Fact]
    public async Task No_handle_stays_open_when_nobody_writes()
    {
        var file = await CreateAsync();
        await Race.RunAsync(8, index => WriteAsync(file, Place(index), new byte[PartLength]));
        await WriteAsync(file, Place(9), new byte[PartLength]);
        await _calls.AllClosedAsync(Cancellation);
    }

    [Fact]
    public async Task Free_space_is_asked_once_a_second_at_most()
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        using var store = new DiskBlobStore(_folder.Path, clock);
        var before = store.FreeBytes;
        Assert.InRange(before!.Value, 1, long.MaxValue);
        await File.WriteAllBytesAsync(_folder.File("ballast"), RandomNumberGenerator.GetBytes(20_000_000), Cancellation);
        Assert.Equal(before, store.FreeBytes);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(before, store.FreeBytes);
    }

    [Fact]
    public async Task What_else_lies_in_the_folder_is_not_listed()
    {
        var file = await CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(_store.PathOf(file))!, "lost+found"), "", Cancellation);
        Assert.Equal([file], await ListAsync());
    }

    private protected override async Task AssertGoneAsync(FileId file, BlobPlace part)
    {
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await Store.OpenAsync(file, Cancellation));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    private async Task<IBlobWrite> BeginAsync(FileId file, int index)
    {
        var write = await Store.WriteAsync(file, Place(index), Cancellation);
        await write.WriteAsync(new ReadOnlySequence<byte>(new byte[PartLength]), Cancellation);
        return write;
    }
}
