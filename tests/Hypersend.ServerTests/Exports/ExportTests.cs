using System.IO.Compression;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Messages;
using Hypersend.ServerTests.Backups;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Exports;

/// <summary>What a person gets who asks for all that is kept of them: theirs whole, and of others what they may see.</summary>
[OneNode("an operator works on the data of a server of its own")]
public sealed class ExportTests(App app) : IClassFixture<App>, IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_person_gets_their_account_chats_and_files_and_nothing_that_they_may_not_see()
    {
        var (ana, ben, eve) = (await app.SignUpAsync("ana", "Ána"), await app.SignUpAsync("ben"), await app.SignUpAsync("eve"));
        var chat = await app.GroupAsync(ana, ben);
        for (var i = 0; i < 205; i++)
            await ben.SendAsync(chat, $"number {i}");
        await ana.SendAsync(chat, "مرحبا \"Ana\"");
        var hidden = await app.GroupAsync(ben, eve);
        await ben.SendAsync(hidden, "not for ana");
        var film = Bytes.Of(Bytes.Mega + 5);
        var id = await ana.SendFileAsync(chat, film);
        var theirs = await ben.UploadAsync(chat);
        await ana.Users.SetAvatarAsync(Pictures.Png, "image/png");

        var zip = _folder.File("ana.zip");
        var said = await app.MustAsync("export", ana.Username, zip);
        Assert.StartsWith($"Exported {ana.Username}: 2 chats with ", said, StringComparison.Ordinal);
        using var archive = await ZipFile.OpenReadAsync(zip, TestContext.Current.CancellationToken);
        var all = archive.Entries.ToDictionary(entry => entry.FullName, Read);
        Assert.Equal(ana.Email, JsonSerializer.Deserialize(all["profile.json"], HypersendJson.Wire.User)!.Email);
        Assert.Single(JsonSerializer.Deserialize(all["sessions.json"], HypersendJson.Wire.PageOfSessions)!.Items);
        Assert.Equal(Pictures.Png, all["avatar.png"]);
        var messages = Lines(all[$"chats/{chat}/messages.jsonl"]).Select(line => JsonSerializer.Deserialize(line, HypersendJson.Wire.Message)!).ToList();
        Assert.Equal(await Everything(ana, chat), messages.Select(message => (object)message.Id));
        Assert.Contains(messages, message => message.Content == "مرحبا \"Ana\"" && message.Sender.Id == ana.Id);
        Assert.Equal(2, JsonSerializer.Deserialize(all[$"chats/{chat}/members.json"], HypersendJson.Wire.PageOfMembers)!.Items.Count);
        Assert.Equal(film, all[$"files/{id}/film.bin"]);
        Assert.DoesNotContain(all.Keys, name => name.Contains(hidden.ToString(), StringComparison.Ordinal) || name.Contains(theirs.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(all.Values, bytes => bytes.AsSpan().IndexOf("not for ana"u8) >= 0 || bytes.AsSpan().IndexOf("password"u8) >= 0);

        // The same into a folder, which is a new one every time.
        var folder = _folder.File("ana");
        await app.MustAsync("export", ana.Email, folder);
        Assert.Equal(all.Keys.Order(), Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order());
        Assert.Contains("is there already", (await app.RunAsync("export", ana.Id.ToString(), folder)).Text, StringComparison.Ordinal);
        var nobody = await app.RunAsync("export", "nobody", _folder.File("nobody"));
        Assert.Equal((4, "There is nobody called nobody: name a user name, a mail address or an id." + Environment.NewLine), (nobody.Code, nobody.Text));
    }

    private static async Task<IEnumerable<object>> Everything(Person person, ChatId chat)
    {
        var page = await person.HistoryAsync(chat, new PageOf { After = 0, Limit = 200 });
        var rest = await person.HistoryAsync(chat, new PageOf { After = page[^1].Seq, Limit = 200 });
        return page.Concat(rest).Select(message => (object)message.Id);
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string[] Lines(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
