using System.Text;
using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public sealed class Crc32Tests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0xE8B7BE43u)]
    [InlineData("abc", 0x352441C2u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("message digest", 0x20159D7Fu)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Known_texts_have_known_checksums(string text, uint crc)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(crc, Crc32.Of(bytes));
        Assert.Equal(crc, Crc32.AppendManaged(0, bytes));
    }

    [Fact]
    public void The_runtime_that_is_tested_here_has_the_fast_one() => Assert.True(Crc32.IsNative);

    [Fact]
    public void Both_ways_agree_and_pieces_make_the_whole()
    {
        var dice = new Dice();
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[dice.Next(round % 100 == 0 ? 100_000 : 300)];
            for (var at = 0; at < bytes.Length; at++)
                bytes[at] = (byte)dice.Next(256);
            var whole = Crc32.Of(bytes);
            Assert.True(whole == Crc32.AppendManaged(0, bytes), $"seed {dice.Seed}");

            var cut = dice.Next(bytes.Length + 1);
            Assert.True(whole == Crc32.Append(Crc32.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)), $"seed {dice.Seed}");
            Assert.True(whole == Crc32.AppendManaged(Crc32.AppendManaged(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)), $"seed {dice.Seed}");
            Assert.True(whole == Crc32.Combine(Crc32.Of(bytes.AsSpan(0, cut)), Crc32.Of(bytes.AsSpan(cut)), bytes.Length - cut), $"seed {dice.Seed}");
        }
    }

    [Fact]
    public void Many_parts_are_combined_in_their_order()
    {
        var parts = Enumerable.Range(0, 50).Select(part => Encoding.ASCII.GetBytes(new string((char)('a' + part % 26), part * 7))).ToArray();
        var combined = parts.Aggregate(0u, (crc, part) => Crc32.Combine(crc, Crc32.Of(part), part.Length));
        Assert.Equal(Crc32.Of([.. parts.SelectMany(part => part)]), combined);
    }

    [Fact]
    public void A_part_may_be_longer_than_four_gibibytes()
    {
        // Zeros by doubling: each half is the same as the other.
        var (crc, length) = (Crc32.Of(new byte[1 << 16]), 1L << 16);
        for (; length < 1L << 36; length *= 2)
            crc = Crc32.Combine(crc, crc, length);
        var pieces = 0u;
        var piece = Crc32.Of(new byte[1 << 20]);
        for (var at = 0; at < 1 << 16; at++)
            pieces = Crc32.Combine(pieces, piece, 1 << 20);
        Assert.Equal(pieces, crc);
        Assert.Equal(crc, Crc32.Combine(crc, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Crc32.Combine(1, 2, -1));
    }
}
