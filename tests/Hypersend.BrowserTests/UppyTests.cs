using System.Security.Cryptography;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.BrowserTests;

/// <summary>A page of another origin sends files with Uppy and its tus plugin, as they come from npm.</summary>
public sealed class UppyTests(Chromium chromium)
{
    private const string Page = "http://pages.example";
    private const int Chunk = 8 << 20;

    private static string Script => Path.Combine(Repository.Root, "tests", "peers", "tus", "node_modules", ".built", "uppy.js");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"chunkSize":1000000}""")]
    [InlineData("""{"parallelUploads":3}""")]
    public async Task Uppy_sends_a_file_from_another_origin(string options)
    {
        Assert.SkipUnless(File.Exists(Script), "Uppy is absent: npm ci and npm run build in tests/peers/tus");
        await using var server = await AppServer.StartAsync($"--CORS_ORIGINS={Page}");
        var ana = await server.SignUpAsync("ana");
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        await page.RouteAsync(Page + "/**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>Elsewhere</title>" }));
        await page.GotoAsync(Page + "/");
        await page.AddScriptTagAsync(new() { Path = Script });

        const int Length = 9_000_123;
        var address = await page.EvaluateAsync<string>(
            "async job => (await window.upload({ ...job, options: JSON.parse(job.options) })).url",
            new { endpoint = new Uri(server.Address, "/api/v1/tus").ToString(), token = ana.Tokens!.AccessToken, bytes = Length, options });
        var id = FileId.Parse(address.Split('/')[^1], null);
        SharedFile file;
        do
        {
            file = await ana.Files.GetAsync(id);
        }
        while (file.Sha256Root is null);
        Assert.Equal(("from uppy.bin", FileStates.Ready, (long?)Length), (file.Filename, file.State, file.Size));
        Assert.Equal(RootOf([.. Enumerable.Range(0, Length).Select(i => (byte)(i * 31 + (i >> 8) * 7))]), file.Sha256Root);
    }

    private static string RootOf(byte[] bytes) =>
        Convert.ToHexStringLower(SHA256.HashData([.. bytes.Chunk(Chunk).SelectMany(part => SHA256.HashData(part))]));
}
