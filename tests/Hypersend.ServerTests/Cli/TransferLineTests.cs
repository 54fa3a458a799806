using Hypersend.Cli.Files.Progress;
using Hypersend.Sdk.Files;

namespace Hypersend.ServerTests.Cli;

public sealed class TransferLineTests
{
    [Theory]
    [InlineData(9, "0:09")]
    [InlineData(3_599, "59:59")]
    [InlineData(36_000, "10:00:00")]
    [InlineData((10 * 86_400) - 1, "9.23:59:59")]
    public void What_is_left_of_the_time_is_said_at_any_length(int seconds, string said)
    {
        var words = TransferLine.WordsOf(new FileProgress { Bytes = 1, TotalBytes = 2, Chunks = 0, TotalChunks = null, BytesPerSecond = 1, TimeLeft = TimeSpan.FromSeconds(seconds) });

        Assert.EndsWith("  " + said, words, StringComparison.Ordinal);
    }
}
