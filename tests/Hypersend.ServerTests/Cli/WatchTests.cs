using Hypersend.Cli.Start;
using Hypersend.Contracts.Chats;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Cli;

public sealed class WatchTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task What_comes_into_a_folder_is_sent_once_whatever_it_is_called_later_and_also_after_a_restart()
    {
        var ana = await app.SignUpAsync("ana");
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        using var folder = new ScratchFolder();
        var chat = (await ana.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Saved })).Id;
        string[] words = ["watch", folder.Path, "--to", "me", "--settle", "0.05"];
        folder.Write("first.txt", "first"u8.ToArray());
        folder.Write(".hidden", "hidden"u8.ToArray());

        // Followed, these would never end, and what lies elsewhere would be sent.
        foreach (var link in (string[])["l1", "l2"])
            Directory.CreateSymbolicLink(folder.File(link), folder.Path);

        using (var interruption = new CancellationTokenSource())
        {
            var watching = machine.RunAsync(Stream.Null, interruption.Token, words);
            await ana.ReadyAsync(chat, 1);
            File.Move(folder.File("first.txt"), folder.File("renamed.txt"));
            folder.Write("below/second.txt", "second"u8.ToArray());

            // Where the renamed one was sent again, that came first.
            await ana.ReadyAsync(chat, 2);
            await interruption.CancelAsync();
            Assert.Equal(ExitCodes.Interrupted, await watching);
        }

        folder.Write("third.txt", "third"u8.ToArray());
        using (var interruption = new CancellationTokenSource())
        {
            var watching = machine.RunAsync(Stream.Null, interruption.Token, words);
            var files = await ana.ReadyAsync(chat, 3);
            Assert.Equal(["first.txt", "second.txt", "third.txt"], files.Select(file => file.Filename).Order(StringComparer.Ordinal));
            Assert.Equal($"{Path.GetFileName(folder.Path)}/below/second.txt", files.Single(file => file.Filename == "second.txt").Path);
            await interruption.CancelAsync();
            Assert.Equal(ExitCodes.Interrupted, await watching);
        }
    }
}
