using System.Globalization;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using static Hypersend.ServerTests.Files.Tus.TusStage;

namespace Hypersend.ServerTests.Files.Tus;

/// <summary>
/// The last bytes, the question how far it is, the end and the joining at the same moment. HYPERSEND_TEST_RACES says how often (1000 for
/// the long profile), HYPERSEND_TEST_SEED in which order.
/// </summary>
public sealed class RaceTests(TusStage tus, ITestOutputHelper output) : IClassFixture<TusStage>
{
    // A joined file counts among the 20 open uploads of one person, and so do its two parts.
    private const int AtOnce = 5;

    private static readonly byte[] Content = "one byte after the other"u8.ToArray();
    private static readonly int Races = Number("HYPERSEND_TEST_RACES", 60);
    private static readonly int Seed = Number("HYPERSEND_TEST_SEED", 1);

    // Last bytes, a question, an end by tus, an end by the files' own door, and "all is sent" where nobody has to say it.
    private static readonly string[] Castings = ["pd", "px", "pdx", "ppd", "phd", "pph", "phx", "pcd", "pphx"];

    // Joining, the end of one part, and a question for one.
    private static readonly string[] Joinings = ["jj", "jd", "jjd", "jjjd", "jdd", "jhd"];

    [Fact]
    public async Task Last_bytes_and_an_end_at_once_come_to_one_outcome()
    {
        var gone = await RunAsync(RaceAsync);
        output.WriteLine($"seed {Seed}: {Races} races, {gone} of the files are gone afterwards");
        await CheckAsync();
    }

    [Fact]
    public async Task Joining_and_the_end_of_a_part_at_once_come_to_one_outcome()
    {
        var gone = await RunAsync(JoinAsync);
        output.WriteLine($"seed {Seed}: {Races} races, {gone} of the parts were gone before");
        await CheckAsync();
    }

    [Fact]
    public async Task Who_found_a_part_before_it_was_joined_does_not_end_it_afterwards()
    {
        var parts = new[] { await tus.PartAsync(Content[..9]), await tus.PartAsync(Content[9..]) };
        using var joined = await tus.SendAsync("POST", Door, null, ("Upload-Concat", "final;" + string.Join(' ', parts))).AnsweredAsync(201);
        var id = IdOf(joined.Headers.Location!.ToString());

        var late = await tus.App.Services.GetRequiredService<EndFile>().HandleAsync(IdOf(parts[0]), FileStates.Failed, CancellationToken.None);

        Assert.Equal(ErrorCodes.NotFound, late.Failure?.Code);
        Assert.Equal(Content, await tus.ReadAsync(id));
        await tus.Ana.Files.DeleteAsync(id);
        await CheckAsync();
    }

    private static async Task<int> RunAsync(Func<Dice, Task<bool>> race)
    {
        var dice = new Dice((ulong)Seed);
        var runs = Enumerable.Range(0, AtOnce).Select(_ => dice.Split()).ToArray();
        var counts = await Task.WhenAll(runs.Select(async own =>
        {
            var gone = 0;
            for (var number = 0; number < Races / AtOnce; number++)
                gone += await race(own) ? 1 : 0;
            return gone;
        }));
        return counts.Sum();
    }

    private async Task<bool> RaceAsync(Dice dice)
    {
        var chat = (await tus.Ana.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Saved })).Id;
        var url = await tus.CreateAsync(Content.Length, ("Upload-Metadata", Meta(("filename", "race.bin"), ("chat_id", chat.ToString()))));
        var id = IdOf(url);
        var before = dice.Below(Content.Length);
        if (before > 0)
            (await tus.PatchAsync(url, 0, Content[..before]).AnsweredAsync(204)).Dispose();
        var casting = dice.Of(Castings);
        var (answers, where) = await PlayAsync(casting, dice, part => part switch
        {
            'p' => tus.PatchAsync(url, before, Content[before..]),
            'h' => tus.SendAsync("HEAD", url),
            'd' => tus.SendAsync("DELETE", url),
            'x' => tus.SendAsync("DELETE", $"/api/v1/files/{id}"),
            _ => tus.SendAsync("POST", $"/api/v1/files/{id}/complete"),
        });
        var ends = answers.Count(answer => answer.Part is 'd' or 'x' && answer.Status == 204);
        Assert.True(ends == (casting.IndexOfAny(['d', 'x']) >= 0 ? 1 : 0), where);
        var stored = (await tus.App.Services.GetRequiredService<IUploadStore>().FindAsync(id, CancellationToken.None))!.File;
        if (ends == 1)
        {
            Assert.True(stored.State is FileStates.Removed or FileStates.Failed, $"{where}: it is {stored.State}");
            Assert.True(stored.State == FileStates.Removed || !answers.Any(answer => answer is { Part: 'p', Status: 204 }), $"{where}: it was a file, and is {stored.State}");
            (await tus.SendAsync("HEAD", url).AnsweredAsync(404)).Dispose();
            await Assert.ThrowsAsync<FileNotFoundException>(async () => await tus.App.Services.GetRequiredService<IBlobStore>().OpenAsync(id, CancellationToken.None));
            return true;
        }

        // Whoever was cut off asks how far it is, and sends the rest.
        var offset = (int)await tus.OffsetAsync(url);
        if (offset < Content.Length)
            (await tus.PatchAsync(url, offset, Content[offset..]).AnsweredAsync(204)).Dispose();
        Assert.Equal(Content, await tus.App.StoredAsync(id));
        Assert.Equal(FileStates.Ready, (await tus.Ana.Files.GetAsync(id)).State);
        await tus.Ana.Files.DeleteAsync(id);
        return false;
    }

    private async Task<bool> JoinAsync(Dice dice)
    {
        var cut = 1 + dice.Below(Content.Length - 1);
        var (first, second) = (await tus.PartAsync(Content[..cut]), await tus.PartAsync(Content[cut..]));
        var ended = dice.OneIn(2) ? first : second;
        var casting = dice.Of(Joinings);
        var files = new HashSet<string>();
        var (answers, where) = await PlayAsync(casting, dice, async part =>
        {
            if (part == 'd')
                return await tus.SendAsync("DELETE", ended);
            if (part == 'h')
                return await tus.SendAsync("HEAD", ended);
            var answer = await tus.SendAsync("POST", Door, null, ("Upload-Concat", $"final;{first} {second}"));
            if ((int)answer.StatusCode == 201)
            {
                lock (files)
                    files.Add(answer.Headers.Location!.ToString());
            }

            return answer;
        });
        var isGone = answers.Any(answer => answer is { Part: 'd', Status: 204 });
        Assert.True(answers.Count(answer => answer is { Part: 'd', Status: 204 }) <= 1, where);
        Assert.True(files.Count == (isGone ? 0 : 1), $"{where}: {files.Count} files");
        if (isGone)
        {
            (await tus.SendAsync("DELETE", ended == first ? second : first).AnsweredAsync(204)).Dispose();
            return true;
        }

        var id = IdOf(files.Single());
        Assert.Equal(Content, await tus.ReadAsync(id));
        await tus.Ana.Files.DeleteAsync(id);
        return false;
    }

    /// <summary>All at once, a little shuffled.</summary>
    private static async Task<(IReadOnlyList<(char Part, int Status)> Answers, string Where)> PlayAsync(string casting, Dice dice, Func<char, Task<HttpResponseMessage>> play)
    {
        var waits = casting.Select(_ => dice.Below(4)).ToArray();
        var answers = await Task.WhenAll(casting.Select(async (part, number) =>
        {
            for (var wait = waits[number]; wait > 0; wait--)
                await Task.Yield();
            return (Part: part, Status: await StatusAsync(play(part)));
        }));
        var where = $"seed {Seed}, {casting}: {string.Join(' ', answers.Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Part}{answer.Status}")))}";
        Assert.True(answers.All(answer => IsExpected(answer.Part, answer.Status)), where);
        return (answers, where);
    }

    /// <summary>0 when it was cut off, because another one went on.</summary>
    private static async Task<int> StatusAsync(Task<HttpResponseMessage> call)
    {
        try
        {
            using var answer = await call;
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static bool IsExpected(char part, int status) => part switch
    {
        'p' => status is 0 or 204 or 404 or 409,
        'h' => status is 200 or 404,
        'c' => status is 200 or 404 or 409,
        'j' => status is 201 or 404 or 409,
        _ => status is 204 or 404 or 409,
    };

    private async Task CheckAsync()
    {
        await FileBooks.CheckAsync(tus.App);
        await FileBooks.NoOrphanAsync(tus.App);
        Assert.Equal(0, (await tus.Ana.Files.GetUsageAsync()).UsedBytes);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
}
