using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files.Tus;

/// <summary>Uploads by tus whose client or server was away for long.</summary>
public sealed class LateTusTests
{
    [Fact]
    public async Task An_upload_that_expired_says_so_also_when_it_was_swept()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var ana = await app.SignUpAsync("ana");
        using var created = await SendAsync(app, ana, HttpMethod.Post, "/api/v1/tus", null, ("Upload-Length", "10")).OpenedAsync(201);
        var url = created.Headers.Location!.ToString();
        (await SendAsync(app, ana, HttpMethod.Patch, url, [1, 2, 3], ("Upload-Offset", "0")).OpenedAsync(204)).Dispose();
        clock.Advance(TimeSpan.FromHours(481));
        var later = await app.SignInAsync(ana);
        var eve = await app.SignUpAsync("eve");
        var sweep = app.Services.GetRequiredService<FileSweep>();
        await sweep.EndDueAsync(CancellationToken.None);
        await SayGoneAsync();
        clock.Advance(TimeSpan.FromMinutes(11));
        await sweep.SweepAsync(CancellationToken.None);
        var row = (await app.Services.GetRequiredService<IUploadStore>().FindAsync(FileId.Parse(url.Split('/')[^1], null), CancellationToken.None))!.File;
        Assert.NotNull(row.SweptAt);
        await SayGoneAsync();

        async Task SayGoneAsync()
        {
            using var head = await SendAsync(app, later, HttpMethod.Head, url, null).OpenedAsync(410);
            await SendAsync(app, later, HttpMethod.Patch, url, [4], ("Upload-Offset", "3")).RefusedAsync(410, ErrorCodes.UploadExpired);
            await SendAsync(app, later, HttpMethod.Delete, url, null).RefusedAsync(410, ErrorCodes.UploadExpired);
            await SendAsync(app, eve, HttpMethod.Delete, url, null).RefusedAsync(404, ErrorCodes.NotFound);
        }
    }

    [Fact]
    public async Task A_server_that_died_among_the_digests_of_a_joined_file_goes_on_with_them()
    {
        await using var app = await App.StartAsync($"--CHUNK_SIZE={Bytes.Mega}");
        var ana = await app.SignUpAsync("ana");
        var whole = Bytes.Of((5 * Bytes.Mega) + 77);
        var urls = new List<string>();
        foreach (var part in new[] { whole[..1_500_000], whole[1_500_000..] })
        {
            using var created = await SendAsync(app, ana, HttpMethod.Post, "/api/v1/tus", part, ("Upload-Length", $"{part.Length}"), ("Upload-Concat", "partial")).OpenedAsync(201);
            urls.Add(created.Headers.Location!.ToString());
        }

        using var joined = await SendAsync(app, ana, HttpMethod.Post, "/api/v1/tus", null, ("Upload-Concat", "final;" + string.Join(' ', urls))).OpenedAsync(201);
        var id = FileId.Parse(joined.Headers.Location!.ToString().Split('/')[^1], null);
        await DigestedAsync();

        // As it would have died: some digests written down, and no root.
        await app.Services.GetRequiredService<SqlDatabase>().WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync("UPDATE files SET sha256_root = NULL, crc32 = NULL, received_chunks = 0 WHERE id = @id", new { id });
                await sql.ExecuteAsync("DELETE FROM file_chunks WHERE chunk IN (1, 3, 5) AND file_no = (SELECT no FROM files WHERE id = @id)", new { id });
            },
            CancellationToken.None);
        await app.RestartAsync();
        await DigestedAsync();
        Assert.Equal(6, (await ana.Files.GetDigestsAsync(id)).Sha256.Count);

        async Task DigestedAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while ((await ana.Files.GetAsync(id)).Sha256Root is not { } root || root != Bytes.Root(whole))
                await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(App app, Person person, HttpMethod method, string url, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", TusStage.Bytes);
        }

        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + person.AccessToken);
        request.Headers.TryAddWithoutValidation("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.Http.SendAsync(request);
    }
}
