using System.Globalization;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Hypersend.ServerTests.Faults;
using Hypersend.Tests;
using static Hypersend.ServerTests.Files.Tus.TusStage;

namespace Hypersend.ServerTests.Files.Tus;

/// <summary>The stock client goes on however often the server is killed. HYPERSEND_TEST_TUS_KILLS says how often.</summary>
public sealed class KilledServerTests(ITestOutputHelper output)
{
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("HYPERSEND_TEST_TUS_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 20;

    [Theory]
    [InlineData(1, 20)]
    [InlineData(4, 4)]
    public async Task An_upload_survives_a_server_that_is_killed_again_and_again(int parallel, int most)
    {
        var kills = Math.Min(Kills, most);
        await using var server = await ServerChild.StartAsync();
        using var ana = await server.SignUpAsync("ana");
        using var folder = new ScratchFolder();
        var bytes = Some((kills + 2) * 5 * Chunk + 4321);
        var path = Path.Combine(folder.Path, "killed.bin");
        await File.WriteAllBytesAsync(path, bytes);
        var job = new ClientJob(path, new Uri(server.Address, TusStage.Door).ToString(), ana.Tokens!.AccessToken) { parallelUploads = parallel, chunkSize = 700_000, pace = 25 };
        await using var client = StockClient.Start(job);
        for (var kill = 0; kill < kills; kill++)
        {
            // Somewhere on the way, after some bytes have gone.
            await client.UntilAsync("progress");
            await client.UntilAsync("progress");
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        var url = await client.SucceedAsync();
        await CheckAsync(server, ana, IdOf(url), bytes, parallel);
        output.WriteLine($"{kills} kills, {bytes.Length} bytes, {parallel} at once");
    }

    private static async Task CheckAsync(ServerChild server, HypersendClient ana, FileId id, byte[] bytes, int parallel)
    {
        SharedFile file;
        do
        {
            file = await ana.Files.GetAsync(id);
        }
        while (file.Sha256Root is null);
        Assert.Equal((FileStates.Ready, bytes.Length, RootOf(bytes, 8 << 20)), (file.State, file.Size, file.Sha256Root));
        if (parallel > 1)
            return;
        var kept = Directory.GetFiles(Path.Combine(server.DataRoot, "blobs", "files"), id.ToString(), SearchOption.AllDirectories).Single();
        var read = await File.ReadAllBytesAsync(kept);
        Assert.True(bytes.AsSpan().SequenceEqual(read));
    }
}
