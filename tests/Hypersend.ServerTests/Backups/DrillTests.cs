using System.Net;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Hypersend.Sdk.Messages;
using Hypersend.Sdk.Realtime;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Backups;

/// <summary>A backup is worth what its restore is: made while people write and send files, and put back here, elsewhere and into the other engine.</summary>
[OneNode("an operator works on the data of a server of its own")]
public sealed class DrillTests : IAsyncLifetime
{
    private const int Mega = Bytes.Mega;

    private readonly ScratchFolder _folder = new();
    private readonly byte[] _film = Bytes.Of((2 * Mega) + 333, seed: 7);
    private readonly byte[] _half = Bytes.Of((3 * Mega) + 1, seed: 8);
    private App _app = null!;
    private Person _ana = null!;
    private Person _ben = null!;
    private ChatId _chat;

    public async ValueTask InitializeAsync()
    {
        _app = await App.StartAsync();
        (_ana, _ben) = (await _app.SignUpAsync("ana", "Ána"), await _app.SignUpAsync("ben"));
        _chat = await _app.GroupAsync(_ana, _ben);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_backup_under_load_is_there_after_it_was_restored_elsewhere()
    {
        var film = await _ana.SendFileAsync(_chat, _film);
        var small = await _ben.UploadAsync(_chat);
        await _ana.Users.SetAvatarAsync(Pictures.Png, "image/png");
        var half = await _ana.BeginAsync(_chat, _half.Length, "half.bin");
        await _ana.SendAsync(half, _half, 0);
        var before = new List<MessageId>();
        for (var i = 0; i < 20; i++)
            before.Add((await _ben.SendAsync(_chat, $"before {i}")).Id);

        // Beside all this somebody goes on writing, and sending chunks.
        using var stop = new CancellationTokenSource();
        var load = WriteOnAsync(half, stop.Token);
        var to = _folder.File("backup");
        await _app.MustAsync("backup", to);
        await _app.MustAsync("backup", to, "--verify");
        await _app.MustAsync("backup", to);
        await stop.CancelAsync();
        await load;
        Assert.Equal(2, Directory.GetDirectories(to, "20*").Length);

        var there = _folder.File("there");
        Assert.Equal(0, (await Operator.RunAsync("", ["restore", to, .. Elsewhere(there)])).Code);
        await using var second = await App.StartAsync(Elsewhere(there));
        using var client = second.Anonymous();
        await client.Accounts.LoginAsync(new LoginRequest { Login = _ana.Username, Password = _ana.Password });
        var history = (await client.Messages.ListAsync(_chat, new PageOf { After = 0, Limit = 200 })).Items;
        Assert.Empty(before.Except(history.Select(message => message.Id)));
        Assert.Equal(Enumerable.Range(1, history.Count), history.Select(message => (int)message.Seq));
        Assert.Equal(_film, await DownloadAsync(client, film));
        Assert.Equal("what it says"u8.ToArray(), await DownloadAsync(client, small));
        Assert.Equal(Pictures.Png, (await client.Users.GetAvatarAsync(_ana.Id)).Bytes.ToArray());

        // Who was signed in still is, and the upload goes on from what it had then.
        using var mine = await second.SendAsync(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", "Bearer " + _ana.AccessToken));
        Assert.Equal(HttpStatusCode.OK, mine.StatusCode);
        Assert.Equal(0, (await client.Files.GetStatusAsync(half.UploadId)).Received[0][0]);
        for (var chunk = 1; chunk < half.TotalChunks; chunk++)
            await client.Files.SendChunkAsync(half.UploadId, chunk, _half.AsMemory((chunk * Mega)..Math.Min(_half.Length, (chunk + 1) * Mega)));
        Assert.Equal(Bytes.Root(_half), (await client.Files.CompleteAsync(half.UploadId)).Sha256Root);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"backup under load, restored elsewhere: {history.Count} messages, 0 of {before.Count} acknowledged before it missing; files equal, an upload went on");
    }

    [Fact]
    public async Task After_a_disaster_clients_hear_of_the_new_epoch_and_see_what_is_there_now()
    {
        await _ben.SendAsync(_chat, "kept");
        var film = await _ana.SendFileAsync(_chat, _film);
        var to = _folder.File("all.tar");
        await _app.MustAsync("backup", to);
        var live = await _ana.LiveAsync();
        for (var i = 0; i < 5; i++)
            await _ben.SendAsync(_chat, $"lost {i}");
        await live.WhenAsync(state => state.Chats[_chat].Messages.Values.Any(message => message.Content == "lost 4"), Cancellation);
        var before = live.State.Epoch;

        await _app.StopAsync();
        Assert.Contains("There is somebody in this database already", (await _app.RunAsync("restore", to)).Text, StringComparison.Ordinal);
        var asked = await Operator.RunAsync("no\n", ["restore", to, "--replace", .. await _app.SettingsForVerbsAsync()]);
        Assert.Equal(1, asked.Code);
        Assert.EndsWith("Nothing was changed." + Environment.NewLine, asked.Text, StringComparison.Ordinal);
        await _app.MustAsync("restore", to, "--replace", "--yes");
        await _app.StartAgainAsync();

        var fresh = await live.WhenAsync(state => state.Status == LiveStatus.Live && state.Epoch != before, Cancellation);
        Assert.DoesNotContain(fresh.Chats[_chat].Messages.Values, message => message.Content?.StartsWith("lost", StringComparison.Ordinal) == true);
        var next = await _ben.SendAsync(_chat, "next");
        await live.WhenAsync(state => state.Chats[_chat].Messages.Values.Any(message => message.Id == next.Id && message.Content == "next"), Cancellation);
        Assert.Equal(_film, await DownloadAsync(_ana.Client, film));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string[] Elsewhere(string folder) =>
        [$"--DATA_ROOT={folder}", $"--DATABASE_URL=sqlite:{Path.Combine(folder, "hypersend.db")}", "--SECRET_KEY=", "--PASSWORD_PEPPER="];

    private static async Task<byte[]> DownloadAsync(HypersendClient client, FileId id)
    {
        await using var opened = await client.Files.OpenAsync(id, cancellation: Cancellation);
        using var bytes = new MemoryStream();
        await opened.Stream.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }

    private async Task WriteOnAsync(Upload upload, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await _ben.SendAsync(_chat, $"meanwhile {i}");
            if (i == 5)
                await _ana.SendAsync(upload, _half, 2);
        }
    }
}
