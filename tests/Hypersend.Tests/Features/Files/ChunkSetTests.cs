using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public sealed class ChunkSetTests
{
    [Fact]
    public void Nothing_has_no_ranges_and_misses_everything()
    {
        var set = new ChunkSet();
        Assert.Empty(set.Ranges());
        Assert.Equal([[0, 9]], set.Missing(10));
        Assert.Empty(set.Missing(0));
        Assert.Equal((0, -1), (set.Count, set.Last));
        Assert.False(set.Contains(0));
        Assert.False(set.Contains(-1));
        Assert.False(set.Contains(int.MaxValue));
    }

    [Fact]
    public void Neighbours_are_one_range()
    {
        var set = new ChunkSet([5, 0, 1, 2, 63, 64, 65, 127, 8_999, 2]);
        Assert.Equal([[0, 2], [5, 5], [63, 65], [127, 127], [8_999, 8_999]], set.Ranges());
        Assert.Equal([[3, 4], [6, 62], [66, 99]], set.Missing(100));
        Assert.Equal([[3, 3]], set.Missing(4));
        Assert.Empty(set.Missing(3));
        Assert.Equal((9, 8_999), (set.Count, set.Last));
        Assert.Equal((3, 0, 3), (set.RunFrom(0), set.RunFrom(3), set.RunFrom(63)));
    }

    [Fact]
    public void A_whole_file_is_one_range()
    {
        var set = new ChunkSet(Enumerable.Range(0, 9_000));
        Assert.Equal([[0, 8_999]], set.Ranges());
        Assert.Empty(set.Missing(9_000));
        Assert.Equal(9_000, set.RunFrom(0));
    }

    [Fact]
    public void A_second_time_changes_nothing()
    {
        var set = new ChunkSet([7]);
        Assert.False(set.Add(7));
        Assert.True(set.Add(8));
        Assert.True(set.Remove(7));
        Assert.False(set.Remove(7));
        Assert.False(set.Remove(70_000));
        Assert.Equal([[8, 8]], set.Ranges());
        Assert.Equal(1, set.Count);
    }

    [Fact]
    public void An_index_that_no_file_has_is_a_mistake()
    {
        var set = new ChunkSet();
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(9_000));
    }

    [Fact]
    public void It_agrees_with_a_plain_set_whatever_happens()
    {
        var dice = new Dice();
        for (var round = 0; round < 300; round++)
        {
            var total = 1 + dice.Next(300);
            var plain = new HashSet<int>();
            var set = new ChunkSet();
            for (var step = dice.Next(400); step > 0; step--)
            {
                var index = dice.Next(total);
                if (dice.Next(4) > 0)
                    Assert.Equal(plain.Add(index), set.Add(index));
                else
                    Assert.Equal(plain.Remove(index), set.Remove(index));
            }
            Assert.True(plain.SetEquals(Flat(set.Ranges())), $"seed {dice.Seed}");
            Assert.True(plain.SetEquals(Enumerable.Range(0, total).Except(Flat(set.Missing(total)))), $"seed {dice.Seed}");
            Assert.Equal(plain.Count, set.Count);
            Assert.Equal(plain.Count == 0 ? -1 : plain.Max(), set.Last);
            foreach (var ranges in new[] { set.Ranges(), set.Missing(total) })
                Assert.All(ranges.Skip(1).Zip(ranges), pair => Assert.True(pair.First[0] > pair.Second[1] + 1, $"seed {dice.Seed}"));
        }
    }

    private static IEnumerable<int> Flat(int[][] ranges) => ranges.SelectMany(range => Enumerable.Range(range[0], range[1] - range[0] + 1));
}
