using Hypersend.Sdk.Realtime;

namespace Hypersend.Tests.Sdk.Realtime;

public sealed class ReconnectionTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Fact]
    public void The_span_that_chance_chooses_from_doubles_up_to_the_longest_and_starts_again_after_a_success()
    {
        var reconnection = new Reconnection(First, Longest, () => 0.999_999);
        double[] seconds = [.. Enumerable.Range(0, 9).Select(_ => Math.Round(reconnection.Next(null).TotalSeconds, 2))];
        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30, 30], seconds);
        reconnection.Succeeded();
        Assert.Equal(0.5, Math.Round(reconnection.Next(null).TotalSeconds, 2));
        Assert.Equal(TimeSpan.Zero, new Reconnection(First, Longest, () => 0).Next(null));
    }

    [Theory]
    [InlineData("""{"retry_ms": 1500}""", 1500)]
    [InlineData("""{"retry_ms":"20"}""", 20)]
    [InlineData("restarting, retry_ms=70", 70)]
    [InlineData("""{"retry_ms":99999999}""", 30_000)]
    public void The_time_that_the_server_tells_is_the_time(string reason, int milliseconds)
    {
        var reconnection = new Reconnection(First, Longest, () => 0.5);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), reconnection.Next(reason));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("retry_ms")]
    [InlineData("retry_ms: soon")]
    [InlineData("retry_ms: 99999999999999999999")]
    public void A_reason_that_tells_no_time_tells_none(string? reason) => Assert.Null(Reconnection.RetryIn(reason));
}
