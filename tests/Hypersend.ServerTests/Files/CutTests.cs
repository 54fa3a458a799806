using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>Downloads that run: what ends them, and what they cost. Time and memory are measured.</summary>
[Collection(nameof(Alone))]
public sealed class CutTests(App app, ITestOutputHelper output) : IClassFixture<App>
{
    // More than the sockets of a client take, and of a proxy before it.
    private static readonly byte[] Large = Bytes.Of((Cluster.IsOn ? 32 : 12) * Bytes.Mega, seed: 3);

    // Five seconds are promised; a machine that does other things meanwhile gets as many again.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public Task A_logout_cuts_a_running_download() => CutByAsync((_, ben, _, _) => ben.Accounts.LogoutAsync());

    [Fact]
    public Task Removal_from_the_chat_cuts_a_running_download() =>
        CutByAsync((ana, ben, chat, _) => ana.DeleteAsync(chat.Path($"/members/{ben.Id}")).AnsweredAsync(204));

    [Fact]
    public Task Deletion_by_the_owner_cuts_a_running_download() => CutByAsync((ana, _, _, id) => ana.Files.DeleteAsync(id));

    [Fact]
    public Task A_logout_cuts_a_running_zip() => CutByAsync((_, ben, _, _) => ben.Accounts.LogoutAsync(), (chat, _) => $"/api/v1/chats/{chat}/files.zip");

    [Fact]
    [OneNode("each node counts the downloads that it sends, and its limit is of those")]
    public async Task Fifty_slow_readers_cost_little_memory_and_one_person_has_a_limit()
    {
        var people = new[] { await app.SignUpAsync("ana"), await app.SignUpAsync("ben") };
        var chat = await app.GroupAsync(people[0], people[1]);
        var id = await people[0].SendFileAsync(chat, Large);
        var before = Environment.WorkingSet;
        var readers = new List<SlowReader>();
        for (var number = 0; number < 50; number++)
            readers.Add(await SlowReader.OpenAsync(app, people[number % 2], id.DownloadPath()));
        var more = Environment.WorkingSet - before;
        output.WriteLine($"50 downloads took {more >> 10} KiB more");
        Assert.InRange(more, long.MinValue, 64 << 20);

        var running = app.Services.GetRequiredService<RunningDownloads>();
        Assert.Equal(50, running.Count);
        for (var number = 25; number < RunningDownloads.MostPerPerson; number++)
            readers.Add(await SlowReader.OpenAsync(app, people[0], id.DownloadPath()));
        await app.FetchAsync(people[0], id.DownloadPath()).RefusedAsync(429, ErrorCodes.TooManyDownloads);
        (await app.FetchAsync(people[0], id.DownloadPath(), HttpMethod.Head).AnsweredAsync(200)).Dispose();
        foreach (var reader in readers)
            await reader.DisposeAsync();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (running.Count > 0)
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        (await app.FetchAsync(people[0], id.DownloadPath()).AnsweredAsync(200)).Dispose();
    }

    private async Task CutByAsync(Func<Person, Person, ChatId, FileId, Task> deed, Func<ChatId, FileId, string>? path = null)
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = (await ana.CreateChatAsync(ChatTypes.Group, "Films", ben)).Id;
        var id = await ana.SendFileAsync(chat, Large);
        await using var reader = await SlowReader.OpenAsync(app, ben, path?.Invoke(chat, id) ?? id.DownloadPath());
        Assert.Equal(1, app.RunningDownloads());
        await deed(ana, ben, chat, id);
        if (Cluster.IsOn)
        {
            // The proxy holds some megabytes that so slow a reader takes minutes for: it is the node that has to be quick.
            await app.NoDownloadRunsAsync().WaitAsync(Soon);
            reader.Hurries = true;
        }

        var (bytes, took) = await reader.ReadUntilCutAsync();
        output.WriteLine($"cut after {took.TotalSeconds:0.0} s and {bytes >> 10} KiB");
        Assert.InRange(bytes, 0, reader.Length - 1);
        Assert.InRange(took, TimeSpan.Zero, Soon);
    }
}
