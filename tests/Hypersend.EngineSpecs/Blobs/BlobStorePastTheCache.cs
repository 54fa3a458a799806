using System.Buffers;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.EngineSpecs.Blobs;

/// <summary>The same promises where every byte goes past the page cache, as the bytes of large files do.</summary>
public sealed class BlobStorePastTheCache : BlobStoreSpec, IDisposable
{
    private const int InvalidArgument = 22;
    private const int NoSpace = 28;
    private const int Large = (3 * AlignedBuffer.Length) + 12_345;

    private readonly ScratchFolder _folder = new();
    private readonly UnsteadyCalls _calls = new();
    private readonly DiskBlobStore _store;

    public BlobStorePastTheCache() => _store = new DiskBlobStore(_folder.Path, TimeProvider.System, _calls, directFrom: 0);

    private protected override IBlobStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(5_000_000_001)]
    public async Task A_large_part_may_begin_and_end_anywhere(long offset)
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(Large);
        var part = await WriteAsync(file, new BlobPlace(0, offset, Large), bytes);
        Assert.Equal(bytes, await ReadAsync(file, part));
        Assert.Equal(offset + Large, new FileInfo(_store.PathOf(file)).Length);
    }

    [Fact]
    public async Task Neighbours_that_share_a_block_do_not_harm_each_other()
    {
        const int Parts = 12;
        var file = await CreateAsync();
        var bytes = Enumerable.Range(0, Parts).Select(_ => RandomNumberGenerator.GetBytes(Large)).ToArray();
        var parts = await Race.RunAsync(Parts, index => WriteAsync(file, new BlobPlace(index, (long)index * Large, Large), bytes[index]));
        for (var index = 0; index < Parts; index++)
            Assert.Equal(bytes[index], await ReadAsync(file, parts[index]));
    }

    [Fact]
    public async Task What_was_read_as_a_hole_is_read_as_it_was_written_afterwards()
    {
        var file = await CreateAsync();
        var before = await WriteAsync(file, new BlobPlace(1, Large, Large), RandomNumberGenerator.GetBytes(Large));
        await using var reader = await _store.OpenAsync(file, Cancellation);
        var place = new BlobPlace(0, 0, Large);
        Assert.Equal(new byte[Large], await ReadAsync(reader, place));

        var bytes = RandomNumberGenerator.GetBytes(Large);
        var part = await WriteAsync(file, place, bytes);
        Assert.Equal(bytes, await ReadAsync(reader, part));
        Assert.Equal(Large, (await ReadAsync(reader, before)).Length);
    }

    [Fact]
    public async Task Only_the_ends_of_a_part_go_through_the_page_cache()
    {
        var file = await CreateAsync();
        await WriteAsync(file, new BlobPlace(0, 0, Large), RandomNumberGenerator.GetBytes(Large));
        Assert.SkipUnless(_calls.HasDirect, "This file system takes no writes past the page cache.");
        Assert.Equal(Large / AlignedBuffer.Block * AlignedBuffer.Block, _calls.WrittenDirect);
    }

    [Fact]
    public async Task A_small_file_goes_through_the_page_cache()
    {
        using var store = new DiskBlobStore(_folder.Path, TimeProvider.System, _calls);
        var file = NewId();
        await store.CreateAsync(file, Cancellation);
        await using var write = await store.WriteAsync(file, new BlobPlace(0, 0, Large), Cancellation);
        await write.WriteAsync(new ReadOnlySequence<byte>(new byte[Large]), Cancellation);
        await write.FinishAsync(Cancellation);
        Assert.Equal(0, _calls.WrittenDirect);
    }

    [Fact]
    public async Task What_somebody_waits_for_stays_in_the_page_cache()
    {
        var file = await CreateAsync();
        await WriteAsync(file, new BlobPlace(0, 0, Large), RandomNumberGenerator.GetBytes(Large));
        var before = _calls.WrittenDirect;
        var bytes = RandomNumberGenerator.GetBytes(Large);
        await using (var first = await _store.OpenAsync(file, Cancellation))
        await using (var second = await _store.OpenAsync(file, Cancellation))
        {
            var part = await WriteAsync(file, new BlobPlace(1, Large, Large), bytes);
            Assert.Equal(bytes, await ReadAsync(second, part));
            await first.DisposeAsync();
            await first.DisposeAsync();
            await WriteAsync(file, new BlobPlace(2, 2 * Large, Large), bytes);
        }

        Assert.Equal(before, _calls.WrittenDirect);
        await WriteAsync(file, new BlobPlace(3, 3 * Large, Large), bytes);
        Assert.NotEqual(before, _calls.HasDirect ? _calls.WrittenDirect : -1);
    }

    [Fact]
    public async Task A_write_that_the_file_system_refuses_goes_through_the_page_cache_and_so_do_all_after_it()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(Large);
        _calls.FailNextWrite(new IOException("Invalid argument", InvalidArgument));
        var part = await WriteAsync(file, new BlobPlace(0, 0, Large), bytes);
        Assert.Equal(bytes, await ReadAsync(file, part));
        Assert.Equal(0, _calls.WrittenDirect);
    }

    [Theory]
    [InlineData(NoSpace, typeof(StorageFullException))]
    [InlineData(5, typeof(EngineUnavailableException))]
    public async Task A_write_that_failed_on_its_way_is_told_before_anything_counts(int error, Type told)
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(Large);
        await using (var write = await _store.WriteAsync(file, new BlobPlace(0, 0, Large), Cancellation))
        {
            _calls.FailNextWrite(new IOException("It failed", error));
            var thrown = await Record.ExceptionAsync(async () =>
            {
                await write.WriteAsync(new ReadOnlySequence<byte>(bytes), Cancellation);
                await write.FinishAsync(Cancellation);
            });
            Assert.IsType(told, thrown);
        }

        await _calls.AllClosedAsync(Cancellation);
        Assert.Equal(bytes, await ReadAsync(file, await WriteAsync(file, new BlobPlace(0, 0, Large), bytes)));
    }

    [Fact]
    public async Task A_failed_flush_is_told_and_the_file_is_opened_anew()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(Large);
        await using (var write = await _store.WriteAsync(file, new BlobPlace(0, 0, Large), Cancellation))
        {
            await write.WriteAsync(new ReadOnlySequence<byte>(bytes), Cancellation);
            _calls.FailNextFlush(new IOException("Input/output error", 5));
            await Assert.ThrowsAsync<EngineUnavailableException>(async () => await write.FinishAsync(Cancellation));
        }

        await _calls.AllClosedAsync(Cancellation);
        Assert.Equal(bytes, await ReadAsync(file, await WriteAsync(file, new BlobPlace(0, 0, Large), bytes)));
    }

    [Fact]
    public async Task Who_comes_when_all_buffers_are_out_goes_through_the_page_cache()
    {
        const int More = 70;
        var writes = new List<IBlobWrite>();
        var file = await CreateAsync();
        for (var index = 0; index < More; index++)
            writes.Add(await _store.WriteAsync(file, Place(index), Cancellation));
        Assert.Contains(writes, write => write is DiskBlobWrite);
        foreach (var write in writes)
            await write.DisposeAsync();

        // All came back.
        await using var after = await _store.WriteAsync(file, Place(0), Cancellation);
        Assert.IsType<DirectBlobWrite>(after);
    }

    private protected override async Task AssertGoneAsync(FileId file, BlobPlace part)
    {
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await Store.OpenAsync(file, Cancellation));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }
}
