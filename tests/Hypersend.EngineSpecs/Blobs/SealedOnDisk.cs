using System.Buffers;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.Server.Engines.Blobs.Sealed;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.EngineSpecs.Blobs;

/// <summary>The same promises over sealed files in a folder, and what sealing adds to them.</summary>
public sealed class SealedOnDisk : BlobStoreSpec, IDisposable
{
    private const int FrameBytes = 64 * 1024;

    private readonly ScratchFolder _folder = new();
    private readonly MemoryKeys _keys = new();
    private readonly DiskBlobStore _plain;
    private readonly SealedFolder _store;

    public SealedOnDisk()
    {
        // The first part goes through the page cache, all others past it.
        _plain = new DiskBlobStore(_folder.Path, TimeProvider.System, directFrom: PartLength);
        _store = new SealedFolder(_plain, _keys.Seals());
    }

    private protected override IBlobStore Store => _store;

    public void Dispose()
    {
        _plain.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nothing_of_the_bytes_lies_in_the_folder()
    {
        var file = await CreateAsync();
        var bytes = Text(PartLength);
        await WriteAsync(file, Place(0), bytes);
        await _store.KeepAsideAsync(file, "thumbnail", bytes.AsMemory(0, 5000), Cancellation);
        foreach (var path in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            Assert.Equal(-1, (await File.ReadAllBytesAsync(path, Cancellation)).AsSpan().IndexOf(bytes.AsSpan(0, 16)));
        Assert.True(await _store.IsSealedAsync(file, Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(FrameBytes + 100)]
    public async Task A_byte_that_was_changed_on_the_disk_is_found_before_its_frame_is_given(int inPart)
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var part = await WriteAsync(file, Place(1), bytes);
        Change(file, stored => stored.Position = SealedPlace.Of(part).Offset + inPart);
        await using var reader = await _store.OpenAsync(file, Cancellation);
        var read = new byte[PartLength];
        var given = 0;
        await Assert.ThrowsAsync<DamagedBytesException>(async () =>
        {
            while (given < PartLength)
                given += await reader.ReadAsync(part, given, read.AsMemory(given), Cancellation);
        });
        Assert.InRange(given, 0, inPart / FrameBytes * FrameBytes);
        Assert.Equal(bytes[..given], read[..given]);
        await Assert.ThrowsAsync<DamagedBytesException>(async () => await reader.ReadAsync(part, inPart, Memory<byte>.Empty, Cancellation));

        // What lies behind the damage is as it was.
        Assert.Equal(bytes[(3 * FrameBytes)..], await RestAsync(reader, part, 3 * FrameBytes));
    }

    [Fact]
    public async Task A_frame_that_was_put_somewhere_else_is_not_taken()
    {
        var (one, other) = (await CreateAsync(), await CreateAsync());
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var first = await WriteAsync(one, Place(0), bytes);
        var second = await WriteAsync(one, Place(1), bytes);
        await WriteAsync(other, Place(0), bytes);
        var stored = SealedPlace.Of(first);

        await MoveAsync(one, stored.Offset, one, stored.Offset + FrameBytes + 28);
        await ShouldBeDamagedAsync(one, first, FrameBytes);
        await MoveAsync(one, stored.Offset, one, SealedPlace.Of(second).Offset);
        await ShouldBeDamagedAsync(one, second, 0);
        await MoveAsync(other, stored.Offset, one, stored.Offset);
        await ShouldBeDamagedAsync(one, first, 0);
    }

    [Fact]
    public async Task A_file_that_was_cut_short_is_told()
    {
        var file = await CreateAsync();
        var part = await WriteAsync(file, Place(0), RandomNumberGenerator.GetBytes(2 * FrameBytes));
        part = part with { Length = 2 * FrameBytes };
        Change(file, stored => stored.SetLength(stored.Length - 1));
        await using var reader = await _store.OpenAsync(file, Cancellation);
        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await reader.ReadAsync(part, FrameBytes, new byte[FrameBytes], Cancellation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_part_can_come_in_several_goes_and_what_was_finished_outlives_what_was_not(int seed)
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var place = Place(2);
        var dice = new Dice(seed);
        for (var from = 0; from < PartLength;)
        {
            var length = Math.Min(1 + dice.Next(120_000), PartLength - from);

            // Somebody who was cut wrote other bytes there, and further; nobody wrote down that they came.
            await using (var cut = await _store.ContinueAsync(file, place, from, Cancellation))
            {
                await cut.WriteAsync(new ReadOnlySequence<byte>(RandomNumberGenerator.GetBytes(Math.Min(length + 70_000, PartLength - from))), Cancellation);
                await cut.FinishAsync(Cancellation);
            }

            Assert.Equal(bytes[..from], await ReadAsync(file, place with { Length = from }));
            await using (var write = await _store.ContinueAsync(file, place, from, Cancellation))
            {
                await write.WriteAsync(new ReadOnlySequence<byte>(bytes, from, length), Cancellation);
                await write.FinishAsync(Cancellation);
            }

            from += length;
            Assert.Equal(bytes[..from], await ReadAsync(file, place with { Length = from }));
        }

        // It turns out to be whole, and nothing comes any more.
        await using (var last = await _store.ContinueAsync(file, place, PartLength, Cancellation))
            await last.FinishAsync(Cancellation);
        Assert.Equal(bytes, await ReadAsync(file, place));
    }

    [Fact]
    public async Task The_place_of_what_was_given_up_is_given_back_and_its_neighbours_stay()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var parts = new List<BlobPlace>();
        for (var index = 0; index < 3; index++)
            parts.Add(await WriteAsync(file, Place(index), bytes));
        await _store.GiveBackAsync(file, parts[1], Cancellation);
        Assert.Equal(bytes, await ReadAsync(file, parts[0]));
        Assert.Equal(bytes, await ReadAsync(file, parts[2]));
        await Assert.ThrowsAsync<DamagedBytesException>(() => ReadAsync(file, parts[1]));
    }

    [Fact]
    public async Task What_lay_open_before_stays_readable_and_writable_and_what_was_sealed_too_when_sealing_is_off()
    {
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var open = NewId();
        await _plain.CreateAsync(open, Cancellation);
        var part = await WriteAsync(_plain, open, bytes);
        await _plain.KeepAsideAsync(open, "thumbnail", bytes.AsMemory(0, 100), Cancellation);
        Assert.Equal(bytes, await ReadAsync(open, part));
        Assert.Equal(bytes, await ReadAsync(open, await WriteAsync(open, Place(1), bytes)));
        Assert.False(await _store.IsSealedAsync(open, Cancellation));
        Assert.Equal(bytes[..100], await BytesAsync(await _store.OpenAsideAsync(open, "thumbnail", Cancellation)));

        var file = await CreateAsync();
        var kept = await WriteAsync(file, Place(0), bytes);
        await _store.KeepAsideAsync(file, "thumbnail", bytes.AsMemory(0, 100), Cancellation);
        var off = new SealedFolder(_plain, _keys.Seals(sealsNew: false));
        Assert.Equal(bytes, await ReadAllAsync(off, file, kept));
        Assert.Equal(bytes[..100], await BytesAsync(await off.OpenAsideAsync(file, "thumbnail", Cancellation)));
        var later = NewId();
        await off.CreateAsync(later, Cancellation);
        Assert.Equal(bytes, await ReadAllAsync(_plain, later, await WriteAsync(off, later, bytes)));
    }

    [Fact]
    public async Task Without_its_key_nothing_is_given_and_with_the_key_of_before_all_is()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var part = await WriteAsync(file, Place(0), bytes);
        var another = new MemoryKeys().Setting.Replace("one:", "two:", StringComparison.Ordinal);
        await Assert.ThrowsAsync<DamagedBytesException>(async () => await new SealedFolder(_plain, _keys.Seals(another)).OpenAsync(file, Cancellation));
        Assert.Equal(bytes, await ReadAllAsync(new SealedFolder(_plain, _keys.Seals($"{another},{_keys.Setting}")), file, part));
        await _store.DeleteAsync(file, Cancellation);
        Assert.Equal(0, _keys.Count);
    }

    private protected override async Task AssertGoneAsync(FileId file, BlobPlace part)
    {
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await Store.OpenAsync(file, Cancellation));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    private static byte[] Text(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)('a' + (i % 23)))];

    private void Change(FileId file, Action<FileStream> change)
    {
        using var stored = new FileStream(_plain.PathOf(file), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        change(stored);
        if (stored.Position == 0)
            return;
        var before = stored.ReadByte();
        stored.Position--;
        stored.WriteByte((byte)(before ^ 1));
    }

    private async Task MoveAsync(FileId from, long at, FileId to, long place)
    {
        var frame = new byte[FrameBytes + 28];
        await using var read = new FileStream(_plain.PathOf(from), FileMode.Open, FileAccess.Read, FileShare.ReadWrite) { Position = at };
        await read.ReadExactlyAsync(frame, Cancellation);
        await using var write = new FileStream(_plain.PathOf(to), FileMode.Open, FileAccess.Write, FileShare.ReadWrite) { Position = place };
        await write.WriteAsync(frame, Cancellation);
    }

    private async Task ShouldBeDamagedAsync(FileId file, BlobPlace part, int at)
    {
        await using var reader = await _store.OpenAsync(file, Cancellation);
        await Assert.ThrowsAsync<DamagedBytesException>(async () => await reader.ReadAsync(part, at, new byte[FrameBytes], Cancellation));
    }

    private static async Task<byte[]> RestAsync(IBlobReader reader, BlobPlace part, int from)
    {
        var bytes = new byte[part.Length - from];
        for (var at = 0; at < bytes.Length;)
            at += await reader.ReadAsync(part, from + at, bytes.AsMemory(at), Cancellation);
        return bytes;
    }

    private static async Task<byte[]> ReadAllAsync(IBlobStore store, FileId file, BlobPlace part)
    {
        await using var reader = await store.OpenAsync(file, Cancellation);
        return await RestAsync(reader, part, 0);
    }

    private static async Task<BlobPlace> WriteAsync(IBlobStore store, FileId file, byte[] bytes)
    {
        var place = new BlobPlace(0, 0, bytes.Length);
        await using var write = await store.WriteAsync(file, place, Cancellation);
        await write.WriteAsync(new ReadOnlySequence<byte>(bytes), Cancellation);
        return place with { Name = await write.FinishAsync(Cancellation) };
    }

    private static async Task<byte[]> BytesAsync(Stream? stream)
    {
        await using (stream)
        {
            using var bytes = new MemoryStream();
            await stream!.CopyToAsync(bytes, Cancellation);
            return bytes.ToArray();
        }
    }
}
