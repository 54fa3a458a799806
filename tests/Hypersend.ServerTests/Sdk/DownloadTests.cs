using Hypersend.EngineSpecs.Engines;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Sdk;

public sealed class DownloadTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_file_comes_whole_through_a_line_that_is_cut_again_and_again()
    {
        var ana = await app.SignUpAsync("ana");
        var whole = Bytes.Of((8 * Bytes.Mega) + 4321);
        var id = await ana.SendFileAsync(null, whole);
        await using var proxy = new FaultProxy(app.Address.Host, app.Address.Port);
        using var client = new HypersendClient(
            new Uri($"http://127.0.0.1:{proxy.Port}"),
            new HypersendOptions { Tokens = new SessionTokens { AccessToken = ana.AccessToken, RefreshToken = null, AccessExpiresAt = DateTimeOffset.MaxValue } });
        using var folder = new ScratchFolder();
        var target = Path.Combine(folder.Path, "film.bin");
        var cuts = 0;
        var download = client.Files.Download(id, new TransferOptions { FirstRetry = TimeSpan.FromMilliseconds(5), LongestRetry = TimeSpan.FromMilliseconds(20) });
        download.Progressed += progress =>
        {
            if (progress.Chunks >= cuts && cuts < 6)
                proxy.CutAfter(300_000 + (cuts++ * 70_000), answers: true);
        };

        var file = await download.RunAsync(target, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(whole, await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
        Assert.Equal(Bytes.Root(whole), file.Sha256Root);
        Assert.InRange(cuts, 1, 6);
        Assert.Equal([target], Directory.GetFiles(folder.Path));
    }
}
