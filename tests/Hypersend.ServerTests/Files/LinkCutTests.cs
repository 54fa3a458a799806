using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Files;

public sealed class LinkCutTests
{
    [Fact]
    public async Task A_link_that_is_withdrawn_ends_the_downloads_that_run_by_it()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, new byte[12 * Bytes.Mega]);
        var (withdrawn, kept) = (await ana.Files.CreateLinkAsync(id), await ana.Files.CreateLinkAsync(id));
        await using var reader = await SlowReader.OpenAsync(app, ana, PathOf(withdrawn.Url!));
        await using var other = await SlowReader.OpenAsync(app, ana, PathOf(kept.Url!));
        var (cut, going) = (reader.ReadUntilCutAsync(), other.ReadUntilCutAsync());
        await ana.Files.DeleteLinkAsync(withdrawn.Id);

        // Within five seconds of the server's own clock, whatever a busy machine makes of them.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var second = 0; second < 5; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.InRange((await cut).Bytes, 0, reader.Length - 1);
        Assert.False(going.IsCompleted);
    }

    private static string PathOf(string url) => new Uri(url).AbsolutePath + "/download";
}
