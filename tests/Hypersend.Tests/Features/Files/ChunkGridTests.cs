using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public sealed class ChunkGridTests
{
    private const int MiB = 1 << 20;
    private const long GiB = 1L << 30;

    [Theory]
    [InlineData(0, 8, 0)]
    [InlineData(1, 8, 1)]
    [InlineData(8 * MiB, 8, 1)]
    [InlineData(8 * MiB + 1, 8, 2)]
    [InlineData(40 * GiB, 8, 5_120)]
    [InlineData(9_000L * 8 * MiB, 8, 9_000)]
    [InlineData(9_000L * 8 * MiB + 1, 16, 4_501)]
    [InlineData(9_000L * 64 * MiB, 64, 9_000)]
    [InlineData(9_000L * 64 * MiB + 1, 128, 4_501)]
    [InlineData(ChunkGrid.MaxSize, 1_024, 9_000)]
    public void The_size_alone_decides_the_grid(long size, int mebibytes, int count)
    {
        var grid = ChunkGrid.Plan(size)!.Value;
        Assert.Equal(mebibytes * MiB, grid.ChunkSize);
        Assert.Equal(count, grid.Count);
        Assert.Equal(count, grid.Total);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 1)]
    [InlineData(1, 9_000)]
    [InlineData(2, 9_000)]
    public void A_wish_is_honoured_while_the_chunks_are_few_enough(int mebibytes, int count)
    {
        var grid = ChunkGrid.Plan((long)mebibytes * MiB * count, mebibytes * MiB)!.Value;
        Assert.Equal((mebibytes * MiB, count), (grid.ChunkSize, grid.Count));
    }

    [Theory]
    [InlineData(100L, 0L)]
    [InlineData(100L, (long)-MiB)]
    [InlineData(100L, 512L * 1024)]
    [InlineData(100L, 3L * MiB)]
    [InlineData(100L, 128L * MiB)]
    [InlineData(100L, long.MinValue)]
    [InlineData(100L, 1L << 32)]
    [InlineData(9_000L * MiB + 1, (long)MiB)]
    [InlineData(-1L, null)]
    [InlineData(long.MinValue, null)]
    [InlineData(ChunkGrid.MaxSize + 1, null)]
    [InlineData(long.MaxValue, null)]
    [InlineData(null, 5L)]
    public void What_makes_no_grid_is_refused(long? size, long? requested) => Assert.Null(ChunkGrid.Plan(size, requested));

    [Fact]
    public void A_larger_setting_is_the_floor() => Assert.Equal(32 * MiB, ChunkGrid.Plan(1, usual: 32 * MiB)!.Value.ChunkSize);

    [Fact]
    public void A_file_of_unknown_size_has_the_largest_chunks_unless_smaller_ones_are_asked_for()
    {
        Assert.Equal(MiB, ChunkGrid.Plan(null, MiB)!.Value.ChunkSize);
        var grid = ChunkGrid.Plan(null)!.Value;
        Assert.Equal(64 * MiB, grid.ChunkSize);
        Assert.Null(grid.Total);
        Assert.True(grid.Has(8_999));
        Assert.False(grid.Has(9_000));
        Assert.Equal(64 * MiB, grid.LengthOf(8_999));
        Assert.Throws<InvalidOperationException>(() => grid.Count);
    }

    [Fact]
    public void The_chunks_follow_each_other_and_are_the_file()
    {
        foreach (var size in new[] { 0, 1, MiB - 1, MiB, MiB + 1, 5L * MiB + 7, 9_000L * MiB })
        {
            var grid = ChunkGrid.Plan(size, MiB)!.Value;
            var at = 0L;
            for (var index = 0; index < grid.Count; index++)
            {
                Assert.Equal(at, grid.OffsetOf(index));
                Assert.InRange(grid.LengthOf(index), 1, MiB);
                at += grid.LengthOf(index);
                Assert.Equal(index, grid.IndexOf(at - 1));
            }
            Assert.Equal(size, at);
            Assert.False(grid.Has(grid.Count));
            Assert.False(grid.Has(-1));
            Assert.Throws<ArgumentOutOfRangeException>(() => grid.LengthOf(grid.Count));
            Assert.Throws<ArgumentOutOfRangeException>(() => grid.OffsetOf(-1));
        }
    }
}
