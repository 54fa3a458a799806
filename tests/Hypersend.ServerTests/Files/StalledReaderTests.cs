using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Files;

public sealed class StalledReaderTests
{
    private static readonly byte[] Large = Bytes.Of(12 * Bytes.Mega, seed: 3);

    [Fact]
    public async Task A_reader_that_takes_nothing_for_a_minute_is_cut_and_a_slow_one_is_not()
    {
        var clock = new ManualClock();
        await using var server = await App.StartAsync(clock);
        var ana = await server.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, Large);
        await using var slow = await SlowReader.OpenAsync(server, ana, id.DownloadPath());
        var reading = slow.ReadUntilCutAsync();
        await using var stalled = await SlowReader.OpenAsync(server, ana, id.DownloadPath());
        Assert.Equal(2, server.RunningDownloads());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var step = 0; step < 120 && server.RunningDownloads() > 1; step++)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(1, server.RunningDownloads());
        Assert.False(reading.IsCompleted);
        Assert.True((await stalled.ReadUntilCutAsync()).Bytes < Large.Length);
    }
}
