using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Threads;

namespace Hypersend.Tests.Features.Files;

public sealed class BodyFlowTests
{
    private readonly BodyFlow _flow = new(new RightOfWay(TimeProvider.System));

    [Theory]
    [InlineData(1, 256 << 10)]
    [InlineData(128, 256 << 10)]
    [InlineData(256, 128 << 10)]
    [InlineData(1_000, 33_554)]
    [InlineData(10_000, 16 << 10)]
    public void The_more_bodies_come_the_less_each_gathers(int count, int step)
    {
        var bodies = Enumerable.Range(0, count).Select(_ => _flow.Begin()).ToList();
        Assert.Equal(step, bodies[0].Step);

        foreach (var body in bodies.Skip(1))
            body.Dispose();
        Assert.Equal(256 << 10, bodies[0].Step);
    }
}
