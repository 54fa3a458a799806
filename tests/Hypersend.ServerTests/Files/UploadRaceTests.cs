using System.Globalization;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>
/// Complete, cancel and the last chunk at the same moment. HYPERSEND_TEST_RACES says how often (1000 for the long profile),
/// HYPERSEND_TEST_SEED in which order.
/// </summary>
public sealed class UploadRaceTests(App app, ITestOutputHelper output) : IClassFixture<App>
{
    private const int AtOnce = 10;

    private static readonly byte[] Content = "one byte after the other"u8.ToArray();
    private static readonly int Races = Number("HYPERSEND_TEST_RACES", 100);
    private static readonly int Seed = Number("HYPERSEND_TEST_SEED", 1);
    private static readonly string[] Castings = ["ccd", "cdd", "ccp", "cdp", "ccdp", "cccc", "ddpp"];

    [Fact]
    public async Task Complete_delete_and_a_last_chunk_at_once_come_to_one_outcome()
    {
        var dice = new Dice((ulong)Seed);
        var runs = Enumerable.Range(0, AtOnce).Select(_ => dice.Split()).ToArray();
        var counts = await Task.WhenAll(runs.Select(async own =>
        {
            var ana = await app.SignUpAsync("ana");
            var chat = await app.GroupAsync(ana);
            var removed = 0;
            for (var race = 0; race < Races / AtOnce; race++)
                removed += await RaceAsync(ana, chat, own) ? 1 : 0;
            return removed;
        }));

        output.WriteLine($"seed {Seed}: {Races} races, {counts.Sum()} of the files are gone afterwards; 0 double outcomes, 0 orphans");
        await FileBooks.CheckAsync(app);
        await FileBooks.NoOrphanAsync(app);
    }

    private async Task<bool> RaceAsync(Person ana, ChatId chat, Dice dice)
    {
        var upload = await ana.BeginAsync(Content.Length, chat);
        var casting = dice.Of(Castings);
        if (!casting.Contains('p') || dice.OneIn(2))
            await ana.Files.SendChunkAsync(upload.UploadId, 0, Content);
        var answers = await Task.WhenAll(casting.Select(async part =>
        {
            for (var wait = dice.Below(4); wait > 0; wait--)
                await Task.Yield();
            using var answer = part switch
            {
                'c' => await ana.PostAsync($"/api/v1/files/{upload.UploadId}/complete"),
                'd' => await ana.DeleteAsync($"/api/v1/files/{upload.UploadId}"),
                _ => await ana.PutChunkAsync(upload.UploadId, 0, Content),
            };
            return (Part: part, Status: (int)answer.StatusCode);
        }));

        var where = $"seed {Seed}, {casting}: {string.Join(' ', answers.Select(answer => $"{answer.Part}{answer.Status}"))}";
        Assert.True(answers.All(answer => IsExpected(answer.Part, answer.Status)), where);
        var deletes = answers.Count(answer => answer is { Part: 'd', Status: 204 });
        Assert.True(deletes == (casting.Contains('d') ? 1 : 0), where);

        // What the rows, the message, the status and the store say is the same.
        var stored = (await app.Services.GetRequiredService<IUploadStore>().FindAsync(upload.FileId, CancellationToken.None))!.File;
        var completed = answers.Any(answer => answer is { Part: 'c', Status: 200 });
        var expected = (deletes, completed) switch
        {
            (1, true) => FileStates.Removed,
            (1, false) => FileStates.Failed,
            (_, true) => FileStates.Ready,
            _ => FileStates.Uploading,
        };
        Assert.True(stored.State == expected, $"{where}: it is {stored.State} and not {expected}");
        Assert.True((await ana.Messages.GetAsync(upload.Message!.Id)).Files[0].State == expected, where + ": the message says something else");
        using var status = await ana.GetAsync($"/api/v1/files/{upload.UploadId}/status");
        Assert.True((int)status.StatusCode == (deletes == 1 ? 404 : 200), where);
        if (expected == FileStates.Ready)
            Assert.Equal(Content, await app.StoredAsync(upload.FileId));
        if (expected == FileStates.Uploading)
            await ana.Files.DeleteAsync(upload.UploadId);
        if (expected is FileStates.Removed or FileStates.Failed)
            await Assert.ThrowsAsync<FileNotFoundException>(async () => await app.Services.GetRequiredService<IBlobStore>().OpenAsync(upload.FileId, CancellationToken.None));
        return deletes == 1;
    }

    private static bool IsExpected(char part, int status) => part switch
    {
        'c' => status is 200 or 404 or 409,
        'd' => status is 204 or 404,
        _ => status is 200 or 404 or 409,
    };

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
}
