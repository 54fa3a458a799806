using System.Text.Json;
using System.Threading.Channels;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Cli;

public sealed class TalkTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_chat_is_found_by_its_name_the_beginning_of_it_its_id_and_its_person()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        var garden = await NamedAsync(ana, "Garden");
        var gardeners = await NamedAsync(ana, "Gardeners");
        var twins = (First: await NamedAsync(ana, "Twins"), Second: await NamedAsync(ana, "Twins"));

        (await machine.RunAsync("send", "to", "the", "garden", "--to", "garden")).Succeeded();
        (await machine.RunAsync("send", "to the gardeners", "--to", "gardene")).Succeeded();
        (await machine.RunAsync("from a pipe\n", ["send", "-", "--to", twins.Second.ToString()])).Succeeded();
        var sent = (await machine.RunAsync("send", "hello ben", "--to", "@" + ben.Username, "--json")).Succeeded();

        Assert.Contains((await ana.HistoryAsync(garden)), message => message.Content == "to the garden");
        Assert.Contains((await ana.HistoryAsync(gardeners)), message => message.Content == "to the gardeners");
        Assert.Contains((await ana.HistoryAsync(twins.Second)), message => message.Content == "from a pipe");
        Assert.Equal("hello ben", JsonDocument.Parse(sent.Out).RootElement.GetProperty("content").GetString());
        Assert.Contains((await ben.HistoryAsync(await ben.DirectAsync(ana))), message => message.Content == "hello ben");

        var unclear = (await machine.RunAsync("send", "x", "--to", "Twins")).Failed(ExitCodes.WrongUsage).Error;
        Assert.Contains(twins.First.ToString(), unclear);
        Assert.Contains(twins.Second.ToString(), unclear);
        var names = JsonDocument.Parse((await machine.RunAsync("chats", "--json")).Succeeded().Out).RootElement.GetProperty("items")
            .EnumerateArray().Select(chat => chat.GetProperty("name").GetString()).ToList();
        Assert.Superset(new HashSet<string?> { "Garden", "Gardeners", "Twins" }, names.ToHashSet());
    }

    [Fact]
    public async Task A_pipe_sends_its_lines_in_order_and_ends_with_the_last_one()
    {
        var ana = await app.SignUpAsync("ana");
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        var chat = await NamedAsync(ana, "Log");
        await ana.SendAsync(chat, "before");

        var lines = Enumerable.Range(1, 100).Select(i => $"line {i}").ToList();
        var outcome = (await machine.SpawnAsync(string.Join('\n', lines), "chat", "Log", "-n", "1")).Succeeded();

        var expected = lines.Prepend("before").ToList();
        Assert.Equal(expected, (await ana.HistoryAsync(chat, new() { Limit = 101 })).Select(message => message.Content));
        Assert.Equal(expected, outcome.Lines.Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }

    [Fact]
    public async Task Whoever_follows_sees_what_is_said_until_it_is_interrupted()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        await ben.SendAsync(chat, "the newest");
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        using var interruption = new CancellationTokenSource();
        await using var seen = new LinesSeen();

        var following = machine.RunAsync(seen, interruption.Token, "chat", chat.ToString(), "--follow", "--json");
        await seen.NextAsync("the newest");
        var said = await ben.SendAsync(chat, "just now");
        await seen.NextAsync("just now");
        await ben.Messages.EditAsync(said.Id, "a moment ago");
        await seen.NextAsync("a moment ago");

        await interruption.CancelAsync();
        Assert.Equal(ExitCodes.Interrupted, await following);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_others_call_themselves_reaches_no_terminal_as_an_order(bool isTerminal)
    {
        const string evil = "\e]0;t\a\e[2J\u009b\u202eEvil\r\nadmin: hello";
        var ben = await app.SignUpAsync("ben", evil);
        var ana = await app.SignUpAsync("ana");
        using var machine = new Machine { IsTerminal = isTerminal, Variables = { ["NO_COLOR"] = "1" } };
        await machine.OfAsync(app, ana);
        var chat = await NamedAsync(ben, evil);
        await ben.Chats.AddMembersAsync(chat, [ana.Id]);
        await ben.SendAsync(chat, evil);

        var listed = (await machine.RunAsync("chats")).Succeeded();
        var read = (await machine.RunAsync("chat", chat.ToString())).Succeeded();
        var refused = (await machine.RunAsync("chat", evil + "!")).Failed(ExitCodes.NotThere);

        foreach (var text in (string[])[listed.Out, read.Out, refused.Error])
        {
            Assert.Contains("Evil", text);
            Assert.DoesNotContain(text, letter => (char.IsControl(letter) && letter is not ('\n' or '\t' or '\e')) || letter == '\u202e');
            Assert.DoesNotContain("\e]", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\e[2J", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(read.Lines, line => line.StartsWith("admin:", StringComparison.Ordinal));
    }

    private static async Task<Contracts.Ids.ChatId> NamedAsync(Person owner, string name) =>
        (await owner.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = name })).Id;

    /// <summary>An output whose lines can be waited for.</summary>
    private sealed class LinesSeen : MemoryStream
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly List<byte> _line = [];

        /// <summary>Waits for a line that says this.</summary>
        public async Task NextAsync(string text)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!(await _lines.Reader.ReadAsync(patience.Token)).Contains(text, StringComparison.Ordinal))
            {
                // Something else was said before it.
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            foreach (var letter in buffer)
            {
                if (letter != '\n')
                {
                    _line.Add(letter);
                    continue;
                }

                _lines.Writer.TryWrite(System.Text.Encoding.UTF8.GetString([.. _line]));
                _line.Clear();
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
