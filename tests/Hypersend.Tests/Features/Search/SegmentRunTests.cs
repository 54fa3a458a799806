using Hypersend.Server.Engines.Search.Segments;

namespace Hypersend.Tests.Features.Search;

public sealed class SegmentRunTests
{
    [Theory]
    [InlineData(1, 5_000)]
    [InlineData(4_000, 2_500)]
    public void Segments_stay_few_and_no_message_is_written_often(int docs, int batches)
    {
        var (live, written, most) = (new List<Segment>(), 0L, 0);
        for (var batch = 1; batch <= batches; batch++)
        {
            live.Add(new Segment { Id = batch, Place = batch, Docs = docs });
            while (SegmentIndex.Run(live) is { Count: > 0 } run)
            {
                var at = live.IndexOf(run[0]);
                Assert.Equal(run, live.GetRange(at, run.Count));
                live.RemoveRange(at, run.Count);
                live.Insert(at, new Segment { Id = -batch, Place = run[^1].Place, Docs = run.Sum(segment => segment.Docs) });
                written += live[at].Docs;
            }

            most = Math.Max(most, live.Count);
        }

        Assert.True(most <= 40, $"{most} segments at once");
        Assert.True(written <= 6L * docs * batches, $"every message was written {(double)written / docs / batches:0.0} times");
    }
}
