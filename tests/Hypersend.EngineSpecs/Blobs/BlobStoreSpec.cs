using System.Buffers;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Files;

namespace Hypersend.EngineSpecs.Blobs;

/// <summary>IBlobStore: what was finished is there, byte by byte, and what was not never was.</summary>
public abstract partial class BlobStoreSpec
{
    private protected const int PartLength = 300_000;

    private protected abstract IBlobStore Store { get; }

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_finished_comes_back_byte_by_byte()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var part = await WriteAsync(file, Place(0), bytes);
        Assert.Equal(bytes, await ReadAsync(file, part));
    }

    [Fact]
    public async Task Parts_can_be_written_in_any_order()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(3 * PartLength);
        var parts = new BlobPlace[3];
        foreach (var index in new[] { 2, 0, 1 })
            parts[index] = await WriteAsync(file, Place(index), bytes.AsMemory(index * PartLength, PartLength));
        for (var index = 0; index < 3; index++)
            Assert.Equal(bytes[(index * PartLength)..((index + 1) * PartLength)], await ReadAsync(file, parts[index]));
    }

    [Fact]
    public async Task Many_that_write_parts_of_one_file_at_once_do_not_disturb_each_other()
    {
        const int Parts = 24;
        var file = await CreateAsync();
        var bytes = Enumerable.Range(0, Parts).Select(_ => RandomNumberGenerator.GetBytes(PartLength)).ToArray();
        var parts = await Race.RunAsync(Parts, index => WriteAsync(file, Place(index), bytes[index]));
        await Race.RunAsync(Parts, async index => Assert.Equal(bytes[index], await ReadAsync(file, parts[index])));
    }

    [Fact]
    public async Task Files_do_not_share_bytes()
    {
        var bytes = Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetBytes(PartLength)).ToArray();
        var files = await Race.RunAsync(bytes.Length, async i =>
        {
            var file = await CreateAsync();
            return (File: file, Part: await WriteAsync(file, Place(0), bytes[i]));
        });
        for (var i = 0; i < files.Length; i++)
            Assert.Equal(bytes[i], await ReadAsync(files[i].File, files[i].Part));
    }

    [Fact]
    public async Task A_part_can_be_read_while_another_is_being_written()
    {
        var file = await CreateAsync();
        var first = RandomNumberGenerator.GetBytes(PartLength);
        var second = RandomNumberGenerator.GetBytes(PartLength);
        var firstPart = await WriteAsync(file, Place(0), first);

        await using var write = await Store.WriteAsync(file, Place(1), Cancellation);
        await write.WriteAsync(new ReadOnlySequence<byte>(second, 0, PartLength / 2), Cancellation);
        await using var reader = await Store.OpenAsync(file, Cancellation);
        Assert.Equal(first, await ReadAsync(reader, firstPart));
        await write.WriteAsync(new ReadOnlySequence<byte>(second, PartLength / 2, PartLength / 2), Cancellation);
        var secondPart = Place(1) with { Name = await write.FinishAsync(Cancellation) };
        Assert.Equal(second, await ReadAsync(reader, secondPart));
    }

    [Fact]
    public async Task A_part_can_be_read_from_any_byte_on()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        await WriteAsync(file, Place(0), RandomNumberGenerator.GetBytes(PartLength));
        var part = await WriteAsync(file, Place(1), bytes);
        await using var reader = await Store.OpenAsync(file, Cancellation);
        foreach (var offset in new[] { 0, 1, 511, 4095, 4096, 4097, 65_535, 65_537, PartLength / 2, PartLength - 1, 3 })
        {
            foreach (var length in new[] { 1, 7, 4096, 70_001 })
            {
                var wanted = Math.Min(length, PartLength - offset);
                var buffer = new byte[length];
                var filled = 0;
                while (filled < wanted)
                {
                    var count = await reader.ReadAsync(part, offset + filled, buffer.AsMemory(filled), Cancellation);
                    Assert.InRange(count, 1, wanted - filled);
                    filled += count;
                }

                Assert.Equal(bytes[offset..(offset + wanted)], buffer[..wanted]);
            }
        }
    }

    [Fact]
    public async Task A_read_ends_where_the_part_ends()
    {
        var file = await CreateAsync();
        var part = await WriteAsync(file, Place(0), RandomNumberGenerator.GetBytes(PartLength));
        await WriteAsync(file, Place(1), RandomNumberGenerator.GetBytes(PartLength));
        await using var reader = await Store.OpenAsync(file, Cancellation);
        Assert.Equal(10, await reader.ReadAsync(part, PartLength - 10, new byte[100], Cancellation));
        Assert.Equal(0, await reader.ReadAsync(part, 5, Memory<byte>.Empty, Cancellation));
    }

    [Fact]
    public async Task A_part_can_come_in_pieces_of_any_shape()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        await using var write = await Store.WriteAsync(file, Place(0), Cancellation);
        var dice = new Dice();
        for (var at = 0; at < PartLength;)
        {
            var pieces = new List<ReadOnlyMemory<byte>>();
            for (var count = dice.Next(5); count >= 0; count--)
            {
                var length = Math.Min(dice.Next(9_000), PartLength - at);
                pieces.Add(bytes.AsMemory(at, length));
                at += length;
            }

            await write.WriteAsync(Pieces.Of(pieces), Cancellation);
        }

        var part = Place(0) with { Name = await write.FinishAsync(Cancellation) };
        var read = await ReadAsync(file, part);
        Assert.True(bytes.AsSpan().SequenceEqual(read), $"seed {dice.Seed}");
    }

    [Fact]
    public async Task What_was_written_is_not_needed_any_more_when_the_write_is_done()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        await using var write = await Store.WriteAsync(file, Place(0), Cancellation);
        var buffer = new byte[10_000];
        for (var at = 0; at < PartLength; at += buffer.Length)
        {
            bytes.AsMemory(at, buffer.Length).CopyTo(buffer);
            await write.WriteAsync(new ReadOnlySequence<byte>(buffer), Cancellation);
            Array.Clear(buffer);
        }

        var part = Place(0) with { Name = await write.FinishAsync(Cancellation) };
        Assert.Equal(bytes, await ReadAsync(file, part));
    }

    [Fact]
    public async Task A_part_of_no_bytes_can_be_finished()
    {
        var file = await CreateAsync();
        var part = await WriteAsync(file, new BlobPlace(0, 0, 0), ReadOnlyMemory<byte>.Empty);
        Assert.Empty(await ReadAsync(file, part));
    }

    [Fact]
    public async Task A_part_of_64_MiB_comes_back()
    {
        const int Length = 64 * 1024 * 1024;
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(Length);
        var part = await WriteAsync(file, new BlobPlace(0, 0, Length), bytes);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await ReadAsync(file, part)));
    }

    [Fact]
    public async Task A_part_may_be_shorter_than_its_place()
    {
        var file = await CreateAsync();
        foreach (var length in new[] { PartLength - 1, 1000, 0 })
        {
            var bytes = RandomNumberGenerator.GetBytes(length);
            await using var write = await Store.WriteAsync(file, Place(1), Cancellation);
            await write.WriteAsync(new ReadOnlySequence<byte>(bytes), Cancellation);
            var part = Place(1) with { Length = length, Name = await write.FinishAsync(Cancellation) };
            Assert.Equal(bytes, await ReadAsync(file, part));
        }
    }

    [Fact]
    public async Task More_bytes_than_a_part_has_room_for_are_a_bug()
    {
        var file = await CreateAsync();
        await using var write = await Store.WriteAsync(file, Place(0), Cancellation);
        await write.WriteAsync(new ReadOnlySequence<byte>(new byte[PartLength - 1]), Cancellation);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await write.WriteAsync(new ReadOnlySequence<byte>(new byte[2]), Cancellation));
    }

    [Fact]
    public async Task A_part_that_was_given_up_does_not_harm_the_one_written_after_it()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var neighbour = await WriteAsync(file, Place(1), bytes);
        await using (var given = await Store.WriteAsync(file, Place(0), Cancellation))
            await given.WriteAsync(new ReadOnlySequence<byte>(RandomNumberGenerator.GetBytes(PartLength)), Cancellation);
        await GaveUpAsync(file);

        var part = await WriteAsync(file, Place(0), bytes);
        Assert.Equal(bytes, await ReadAsync(file, part));
        Assert.Equal(bytes, await ReadAsync(file, neighbour));
    }

    [Fact]
    public async Task A_write_that_was_cancelled_leaves_nothing_that_counts()
    {
        var file = await CreateAsync();
        using var cancelling = new CancellationTokenSource();
        await using (var write = await Store.WriteAsync(file, Place(0), Cancellation))
        {
            await write.WriteAsync(new ReadOnlySequence<byte>(new byte[1000]), cancelling.Token);
            await cancelling.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await write.WriteAsync(new ReadOnlySequence<byte>(new byte[1000]), cancelling.Token));
        }

        await GaveUpAsync(file);
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        Assert.Equal(bytes, await ReadAsync(file, await WriteAsync(file, Place(0), bytes)));
    }

    /// <summary>What an engine can say about the part 0 that was just given up.</summary>
    private protected virtual Task GaveUpAsync(FileId file) => Task.CompletedTask;

    private protected static BlobPlace Place(int index) => new(index, (long)index * PartLength, PartLength);

    private protected async Task<FileId> CreateAsync()
    {
        var file = NewId();
        await Store.CreateAsync(file, Cancellation);
        return file;
    }

    private protected static FileId NewId() => new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

    private protected async Task<BlobPlace> WriteAsync(FileId file, BlobPlace place, ReadOnlyMemory<byte> bytes)
    {
        const int Piece = 128 * 1024;
        await using var write = await Store.WriteAsync(file, place, Cancellation);
        for (var at = 0; at < bytes.Length; at += Piece)
            await write.WriteAsync(new ReadOnlySequence<byte>(bytes.Slice(at, Math.Min(Piece, bytes.Length - at))), Cancellation);
        return place with { Name = await write.FinishAsync(Cancellation) };
    }

    private protected async Task<byte[]> ReadAsync(FileId file, BlobPlace part)
    {
        await using var reader = await Store.OpenAsync(file, Cancellation);
        return await ReadAsync(reader, part);
    }

    private protected static async Task<byte[]> ReadAsync(IBlobReader reader, BlobPlace part)
    {
        var bytes = new byte[part.Length];
        for (var at = 0; at < bytes.Length;)
            at += await reader.ReadAsync(part, at, bytes.AsMemory(at), Cancellation);
        return bytes;
    }
}
