using System.Globalization;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Messages;
using Hypersend.Server;
using Hypersend.Server.Features.Imports;
using Hypersend.Server.Platform.Settings;
using Hypersend.ServerTests.Backups;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Imports;

/// <summary>Who moves from one server to another takes along what they had, as they saw it, and nobody else gets to see it.</summary>
[OneNode("an operator works on the data of a server of its own")]
public sealed class ImportTests(Emigrants there) : IClassFixture<Emigrants>, IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private App _here = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _here = await App.StartAsync("--CHUNK_SIZE=1048576");
        await _here.RegisterAsync(new RegisterRequest { Username = "admin", Email = "admin@example.org", Password = Emigrants.NewPassword });
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_somebody_had_on_one_server_is_theirs_on_another_and_the_same_again_changes_nothing()
    {
        // Somebody who happens to have the name that Ben has there.
        var other = await _here.RegisterAsync(new RegisterRequest { Username = there.Ben.Username, Email = "someone@example.net", Password = Emigrants.NewPassword });
        var export = await there.ExportAsync(there.Ana, "ana.zip");
        var running = await _here.RunAsync("import", export);
        Assert.Equal(2, running.Code);
        Assert.Contains("another hypersend-server uses it", running.Text, StringComparison.Ordinal);
        var total = (await there.Ana.Chats.ListAsync(limit: 200, cancellation: Cancellation)).Items.Sum(chat => chat.LastSeq);
        var said = await ImportAsync(export);
        Assert.StartsWith($"Imported {there.Ana.Username}: 3 chats with {total} new messages, 1 files. Accounts made for others, who cannot sign in: 2.", said, StringComparison.Ordinal);
        Assert.Contains("has no password here", said, StringComparison.Ordinal);

        using var ana = await Emigrants.ComeInAsync(_here, there.Ana.Email);
        Assert.Equal(await Emigrants.LookAsync(there.Ana.Client), await Emigrants.LookAsync(ana));
        var me = await ana.Users.GetMeAsync(Cancellation);
        Assert.Equal((there.Ana.Id, "Ána", "moves house"), (me.Id, me.Name, me.Bio));
        Assert.Equal("de", (await ana.Users.GetSettingsAsync(Cancellation)).Language);
        Assert.Equal(Pictures.Png, (await ana.Users.GetAvatarAsync(me.Id, Cancellation)).Bytes.ToArray());
        Assert.Equal(there.Ben.Id, Assert.Single((await ana.Users.ListFollowingAsync(cancellation: Cancellation)).Items).Id);
        Assert.StartsWith("eve", Assert.Single((await ana.Users.ListBlockedAsync(cancellation: Cancellation)).Items).Username, StringComparison.Ordinal);
        Assert.All((await ana.Chats.ListAsync(limit: 200, cancellation: Cancellation)).Items, chat => Assert.Equal((0, 0), (chat.Unread, chat.Mentions)));
        await using (var film = await ana.Files.OpenAsync(there.FilmId, cancellation: Cancellation))
        {
            using var bytes = new MemoryStream();
            await film.Stream.CopyToAsync(bytes, Cancellation);
            Assert.Equal(Emigrants.Film, bytes.ToArray());
        }

        var cards = (await ana.Messages.ListAsync(there.Group, new() { After = 0, Limit = 200 }, Cancellation)).Items.SelectMany(message => message.Files).ToDictionary(card => card.Id, card => card.State);
        Assert.Equal((FileStates.Ready, FileStates.Removed), (cards[there.FilmId], cards[there.TheirFile]));
        Assert.Single((await ana.Messages.ListBookmarksAsync(cancellation: Cancellation)).Items);

        // Nobody else: not who has Ben's name here, and nobody as Ben.
        Assert.Single((await other.Chats.ListAsync(limit: 200, cancellation: Cancellation)).Items);
        Assert.Equal(there.Ben.Username + "-2", (await ana.Users.GetAsync(there.Ben.Id, Cancellation)).Username);

        // What is written next follows, and the same export again finds all of it here.
        var next = await ana.Messages.SendAsync(new SendMessageRequest { ChatId = there.Group, Content = "here now" }, Cancellation);
        var seen = await Emigrants.LookAsync(ana);
        said = await ImportAsync(export);
        Assert.StartsWith($"Imported {there.Ana.Username}: 3 chats with 0 new messages, 1 files. Accounts made for others, who cannot sign in: 0.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("password", said, StringComparison.Ordinal);
        Assert.Equal(seen, await Emigrants.LookAsync(ana));
        Assert.Equal((await there.Ana.Chats.GetAsync(there.Group, Cancellation)).LastSeq + 1, next.Message!.Seq);
    }

    [Fact]
    public async Task The_second_who_comes_gets_the_account_that_stood_for_them_and_their_own_file()
    {
        await ImportAsync(await there.ExportAsync(there.Ana, "ana"));
        await ImportAsync(await there.ExportAsync(there.Ben, "ben"));
        using var ana = await Emigrants.ComeInAsync(_here, there.Ana.Email);
        using var ben = await Emigrants.ComeInAsync(_here, there.Ben.Email);
        var me = await ben.Users.GetMeAsync(Cancellation);
        Assert.Equal((there.Ben.Id, there.Ben.Username), (me.Id, me.Username));

        // His reactions and bookmarks are his export's to tell, and that came second.
        Assert.Equal((await Emigrants.LookAsync(there.Ben.Client)).Where(line => !line.Contains("👍", StringComparison.Ordinal)), (await Emigrants.LookAsync(ben)).Where(line => !line.Contains("the first", StringComparison.Ordinal)));
        await using var opened = await ben.Files.OpenAsync(there.FilmId, cancellation: Cancellation);
        Assert.Equal(Emigrants.Film.Length, opened.Length);
        await ben.Messages.SendAsync(new SendMessageRequest { ChatId = there.Direct, Content = "we are both here" }, Cancellation);
        Assert.Equal("we are both here", (await ana.Messages.ListAsync(there.Direct, null, Cancellation)).Items[^1].Content);
    }

    [Fact]
    public async Task An_import_that_was_interrupted_anywhere_is_brought_to_its_end_by_the_next()
    {
        var export = await there.ExportAsync(there.Ana, "ana");
        await _here.StopAsync();

        // Ten pieces are read before it writes anything.
        var cuts = 10;
        await using (var app = HypersendHost.Build(["--LOG_LEVEL=error", .. await _here.SettingsForVerbsAsync()]))
        {
            // Asked for, so that it is let go of with the others.
            app.Services.GetRequiredService<DataRoot>();
            while (!await IsWholeAsync(app.Services.GetRequiredService<ImportPerson>(), export, cuts))
                cuts++;
        }

        // Once for each piece that it opens, the ones that are read twice among them.
        Assert.InRange(cuts, 15, 40);
        await _here.StartAgainAsync();
        using var ana = await Emigrants.ComeInAsync(_here, there.Ana.Email);
        Assert.Equal(await Emigrants.LookAsync(there.Ana.Client), await Emigrants.LookAsync(ana));
        Assert.Equal("de", (await ana.Users.GetSettingsAsync(Cancellation)).Language);
        Assert.True(await ana.Users.HasAvatarAsync(there.Ana.Id, Cancellation));
        await using var film = await ana.Files.OpenAsync(there.FilmId, cancellation: Cancellation);
        Assert.Equal(Emigrants.Film.Length, film.Length);
    }

    [Fact]
    public async Task A_file_that_is_cut_short_is_named_and_comes_whole_the_next_time()
    {
        var export = await there.ExportAsync(there.Ana, "ana");
        var film = Path.Combine(export, "files", there.FilmId.ToString(), "film.bin");
        await File.WriteAllBytesAsync(film, Emigrants.Film[..^100], Cancellation);
        await _here.StopAsync();
        var cut = await _here.RunAsync("import", export);
        Assert.Equal(1, cut.Code);
        Assert.Contains($"left out: the file {there.FilmId}: its bytes in the export are fewer than it has", cut.Text, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(film, Emigrants.Film, Cancellation);
        await _here.MustAsync("import", export);
        await _here.StartAgainAsync();
        using var ana = await Emigrants.ComeInAsync(_here, there.Ana.Email);
        await using var opened = await ana.Files.OpenAsync(there.FilmId, cancellation: Cancellation);
        Assert.Equal(Emigrants.Film.Length, opened.Length);
    }

    [Fact]
    public async Task A_chat_that_went_on_differently_is_left_as_it_is()
    {
        await ImportAsync(await there.ExportAsync(there.Ana, "before"));
        using var ana = await Emigrants.ComeInAsync(_here, there.Ana.Email);
        await ana.Messages.SendAsync(new SendMessageRequest { ChatId = there.Direct, Content = "said here" }, Cancellation);
        await there.Ben.SendAsync(there.Direct, "said there");
        await there.Ben.SendAsync(there.Group, "and in the group");
        var seen = (await ana.Messages.ListAsync(there.Direct, null, Cancellation)).Items.Select(message => message.Content).ToList();

        await _here.StopAsync();
        var later = await _here.RunAsync("import", await there.ExportAsync(there.Ana, "after"));
        Assert.Equal(1, later.Code);
        Assert.Contains("2 chats with 1 new messages", later.Text, StringComparison.Ordinal);
        Assert.Contains($"left out: the chat {there.Direct}: other messages have been written here in its place.", later.Text, StringComparison.Ordinal);
        await _here.StartAgainAsync();
        Assert.Equal(seen, (await ana.Messages.ListAsync(there.Direct, null, Cancellation)).Items.Select(message => message.Content));
        Assert.Equal("and in the group", (await ana.Messages.ListAsync(there.Group, null, Cancellation)).Items[^1].Content);
    }

    [Fact]
    public async Task Names_are_people_only_where_the_operator_says_so()
    {
        var ben = await _here.RegisterAsync(new RegisterRequest { Username = there.Ben.Username, Email = "ben@example.net", Password = Emigrants.NewPassword });
        Assert.Contains("who cannot sign in: 1.", await ImportAsync(await there.ExportAsync(there.Ana, "ana"), "--same-people"), StringComparison.Ordinal);
        var chats = (await ben.Chats.ListAsync(limit: 200, cancellation: Cancellation)).Items.Select(chat => chat.Id).ToList();
        Assert.Contains(there.Direct, chats);
        Assert.Contains(there.Group, chats);
        Assert.Equal("between us", (await ben.HistoryAsync(there.Direct))[0].Content);
        Assert.Equal(ben.Id, (await ben.HistoryAsync(there.Direct))[0].Sender.Id);
    }

    [Fact]
    public async Task What_is_no_export_or_is_damaged_is_told_in_a_sentence_and_nothing_is_taken()
    {
        var broken = await ThereAsync("chats/{0}/messages.jsonl", (file, lines) => File.WriteAllLines(file, [.. lines[..2], lines[2][..^40], .. lines[3..]]));
        var twice = await ThereAsync("chats/{0}/messages.jsonl", (file, lines) => File.WriteAllLines(file, [.. lines[..3], lines[2], .. lines[3..]]));
        var missing = await ThereAsync("chats/{0}/messages.jsonl", (file, _) => File.Delete(file));
        var newer = await ThereAsync("export.json", (file, lines) => File.WriteAllLines(file, lines.Select(line => line.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal))));
        var (noZip, empty) = (_folder.File("export.zip"), _folder.File("export"));
        await File.WriteAllTextAsync(noZip, "PK, or so it says", Cancellation);
        Directory.CreateDirectory(empty);

        await _here.StopAsync();
        foreach (var (export, sentence) in new[]
        {
            (_folder.File("nothing"), "There is no export at "),
            (noZip, " is no export, or is not whole: it is neither a folder nor a ZIP file that can be read."),
            (empty, "This is no export: there is no export.json in it."),
            (newer, "This export is of a newer version ("),
            (missing, $"This export is not whole: chats/{there.Group}/messages.jsonl is missing."),
            (broken, $"chats/{there.Group}/messages.jsonl, line 3 is damaged, and nothing was taken: "),
            (twice, $"chats/{there.Group}/messages.jsonl, line 4 is damaged, and nothing was taken: its seq is not behind the one before."),
        })
        {
            var refused = await _here.RunAsync("import", export);
            Assert.Equal(1, refused.Code);
            Assert.Contains(sentence, refused.Text, StringComparison.Ordinal);
        }

        Assert.Single((await _here.MustAsync("user", "list", "--json")).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>An export that somebody did something to.</summary>
    private async Task<string> ThereAsync(string name, Action<string, string[]> harm)
    {
        var export = await there.ExportAsync(there.Ana, "harmed");
        var file = Path.Combine(export, string.Format(CultureInfo.InvariantCulture, name, there.Group));
        harm(file, await File.ReadAllLinesAsync(file, Cancellation));
        return export;
    }

    /// <summary>As an operator does it: stop, import, start.</summary>
    private async Task<string> ImportAsync(string export, params string[] options)
    {
        await _here.StopAsync();
        var said = await _here.MustAsync(["import", export, .. options]);
        await _here.StartAgainAsync();
        return said;
    }

    /// <summary>False when it was cut off, at the piece that it wanted to open next.</summary>
    private static async Task<bool> IsWholeAsync(ImportPerson import, string export, int opened)
    {
        using var source = new CutImport(new FolderImport(export), opened);
        try
        {
            await import.HandleAsync(source, samePeople: false, Cancellation);
            return true;
        }
        catch (CutException)
        {
            return false;
        }
    }

    private sealed class CutException : Exception;

    private sealed class CutImport(IImportSource whole, int left) : IImportSource
    {
        private int _left = left;

        public IReadOnlyCollection<string> Names => whole.Names;

        public Stream Open(string name) => _left-- > 0 ? whole.Open(name) : throw new CutException();

        public void Dispose() => whole.Dispose();
    }
}
