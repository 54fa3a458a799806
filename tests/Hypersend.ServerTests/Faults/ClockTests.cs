using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Accounts;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Faults;

/// <summary>The machine's clock is set forward and back while people write: the order is that of the numbers, and nobody is shut out by a time that never came.</summary>
[OneNode("the clock is that of one process")]
public sealed class ClockTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Each from the right time. Tokens of a quarter of an hour end in some of them, and in others are of tomorrow.
    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.Zero, TimeSpan.FromDays(2), TimeSpan.FromSeconds(-40), TimeSpan.FromMinutes(20), TimeSpan.FromDays(-3), TimeSpan.Zero,
    ];

    private readonly WallClock _clock = new();

    [Fact]
    public async Task Messages_and_chunks_go_on_in_the_order_of_their_numbers()
    {
        await using var app = await App.StartAsync(_clock);
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var live = await ben.LiveAsync();
        var chunks = Steps.Select(_ => FileCalls.Bytes(FileCalls.Chunk)).ToArray();
        var upload = await ana.BeginAsync(chunks.Length * FileCalls.Chunk, chat);
        var said = new List<string>();
        foreach (var (index, step) in Steps.Index())
        {
            _clock.Off = step;
            said.Add($"{index}: ana with a clock off by {step}");
            await ana.SendAsync(chat, said[^1]);
            await ana.Files.SendChunkAsync(upload.UploadId, index, chunks[index]);
            said.Add($"{index}: ben with a clock off by {step}");
            live.Send(new SendMessageRequest { ChatId = chat, Content = said[^1], ClientId = said[^1] });
            await live.WhenAsync(state => state.Chats[chat].Messages.Values.Any(message => message.Content == said[^1])).WaitAsync(Patience);
        }

        var done = await ana.Files.CompleteAsync(upload.UploadId);
        Assert.Equal(FileCalls.RootOf(chunks), done.Sha256Root);
        var there = await ben.HistoryAsync(chat);
        Assert.Equal(said, there.Where(message => message.Files.Count == 0).Select(message => message.Content!));
        Assert.Equal(Enumerable.Range(1, there.Count).Select(seq => (long)seq), there.Select(message => message.Seq));
        var rev = (await ben.Chats.GetAsync(chat)).Rev;
        var shown = await live.WhenAsync(state => state.Chats[chat].Rev == rev).WaitAsync(Patience);
        Assert.Equal(there.Select(message => message.Content), shown.Chats[chat].Messages.Values.Select(message => message.Content));
        output.WriteLine($"{Steps.Length} steps of the clock: {said.Count} messages and {chunks.Length} chunks acknowledged, missing 0, out of order 0");
    }

    [Fact]
    public async Task What_is_due_is_sent_once_though_its_time_comes_again()
    {
        await using var app = await App.StartAsync(_clock);
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        await ana.Messages.SendAsync(new SendMessageRequest { ChatId = chat, Content = "once", SendAt = _clock.GetUtcNow().AddHours(1) });
        var live = await ben.LiveAsync();

        _clock.Off = TimeSpan.FromHours(2);
        // Who sends looks at what is due as well, and need not wait for a timer of an hour that the clock has jumped over.
        await ana.SendAsync(chat, "something else");
        await live.WhenAsync(state => state.Chats[chat].Messages.Values.Any(message => message.Content == "once")).WaitAsync(Patience);
        _clock.Off = TimeSpan.Zero;
        await app.RestartAsync();
        _clock.Off = TimeSpan.FromHours(2);
        await app.RestartAsync();
        await ana.SendAsync(chat, "the end");

        Assert.Single(await ben.HistoryAsync(chat), message => message.Content == "once");
    }

    [Fact]
    public async Task What_was_counted_in_a_time_to_come_shuts_nobody_out_once_the_clock_is_right()
    {
        await using var app = await App.StartAsync(_clock, "--RATE_LIMITS=on");
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        _clock.Off = TimeSpan.FromDays(1);
        for (var i = 0; i < 9; i++)
            await app.SignInAsync(ana, "wrong horse battery").RefusedAsync(i < 5 ? 401 : 429, i < 5 ? ErrorCodes.InvalidCredentials : ErrorCodes.TooManyFailures);
        ben = await app.SignInAsync(ben);
        var setup = await ben.Accounts.SetUpTotpAsync();
        await ben.Accounts.EnableTotpAsync(new TotpCodeRequest { Code = Totp.CodeAt(setup.Secret, _clock.GetUtcNow()) });

        _clock.Off = TimeSpan.Zero;

        await app.SignInAsync(ana);
        await SignInWithCodeAsync(app, ben, Totp.CodeAt(setup.Secret, _clock.GetUtcNow()));
        await SignInWithCodeAsync(app, ben, Totp.CodeAt(setup.Secret, _clock.GetUtcNow())).RefusedAsync(401, ErrorCodes.InvalidTotp);
    }

    private static Task<SignedIn> SignInWithCodeAsync(App app, Person person, string code) =>
        app.Anonymous().Accounts.LoginAsync(new LoginRequest { Login = person.Username, Password = person.Password, Totp = code });
}
