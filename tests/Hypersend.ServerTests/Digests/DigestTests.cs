using System.Net;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Digests;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Digests;

/// <summary>A server with a mail server, on which a day passes when a test says so.</summary>
public sealed class DigestApp : IAsyncLifetime
{
    private App? _app;

    internal ManualClock Clock { get; } = new(TimeProvider.System.GetUtcNow());

    internal FussySmtp Smtp { get; } = new();

    internal App App => _app!;

    public async ValueTask InitializeAsync()
    {
        // The tests alone look for who is away: the server's own loop stays off.
        if (TestDatabase.Missing is null)
            _app = await App.StartAsync(Clock, "--SMTP_URL=" + Smtp.Url, "--MAIL_DIGESTS=off");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await Smtp.DisposeAsync();
    }
}

public sealed class DigestTests(DigestApp digests) : IClassFixture<DigestApp>
{
    private App App => digests.App;

    private FussySmtp Smtp => digests.Smtp;

    [Fact]
    public async Task Who_is_away_for_a_day_and_wants_it_gets_one_mail_a_day_that_counts_and_quotes_nothing()
    {
        var ana = await App.SignUpAsync("ana", "Ana");
        var (bela, carl) = (await App.SignUpAsync("bela"), await App.SignUpAsync("carl"));
        await WantAsync(bela);
        var chat = await ana.DirectAsync(bela);
        await ana.SendAsync(chat, "a secret");
        await ana.SendAsync(chat, "another");
        await ana.SendAsync(await ana.DirectAsync(carl), "carl has not asked for mails");

        Assert.Empty(await LookAsync(TimeSpan.FromHours(12)));
        var first = Assert.Single(await LookAsync(TimeSpan.FromHours(13)));
        Assert.Empty(await LookAsync(TimeSpan.FromHours(12)));
        Assert.Empty(await LookAsync(TimeSpan.FromHours(13)));
        await ana.SendAsync(chat, "a third");
        var second = Assert.Single(await LookAsync(TimeSpan.FromHours(25)));
        await App.RestartAsync();
        Assert.Empty(await LookAsync(TimeSpan.Zero));

        Assert.Equal((bela.Email, bela.Email), (first.To, second.To));
        Assert.Contains("Ana: 2\n", first.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", first.Text, StringComparison.Ordinal);
        Assert.Contains("Ana: 3\n", second.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_that_is_away_neither_loses_a_mail_nor_gets_it_twice()
    {
        var ana = await App.SignUpAsync("ana", "Ana");
        var people = new List<Person>();
        for (var i = 0; i < 5; i++)
        {
            people.Add(await App.SignUpAsync("away"));
            await WantAsync(people[^1]);
            await ana.SendAsync(await ana.DirectAsync(people[^1]), "hello");
        }

        Smtp.IsBusy = true;
        Assert.Empty(await LookAsync(TimeSpan.FromHours(25)));
        Assert.Equal(3, Smtp.Tries);
        Assert.Empty(await LookAsync(TimeSpan.Zero));
        Assert.Equal(2, Smtp.Tries);
        Smtp.IsBusy = false;
        Assert.Empty(await LookAsync(TimeSpan.FromMinutes(14)));
        await App.RestartAsync();
        var sent = await LookAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(people.Select(person => person.Email).Order(), sent.Select(letter => letter.To).Order());
        Assert.All(sent, letter => Assert.Contains("Ana: 1\n", letter.Text, StringComparison.Ordinal));
        Assert.Empty(await LookAsync(TimeSpan.FromHours(12)));
    }

    [Fact]
    public async Task An_address_that_is_refused_for_good_holds_up_nobody_and_is_tried_the_next_day()
    {
        var ana = await App.SignUpAsync("ana", "Ana");
        var never = await App.RegisterAsync(new() { Username = "never", Email = "550-never@example.org", Password = Person.FirstPassword });
        var bela = await App.SignUpAsync("bela");
        foreach (var person in new[] { never, bela })
        {
            await WantAsync(person);
            await ana.SendAsync(await ana.DirectAsync(person), "hello");
        }

        Assert.Equal(bela.Email, Assert.Single(await LookAsync(TimeSpan.FromHours(25))).To);
        Assert.Equal(2, Smtp.Tries);
        Assert.Empty(await LookAsync(TimeSpan.FromHours(1)));
        Assert.Equal(0, Smtp.Tries);
    }

    [Fact]
    public async Task Two_nodes_that_look_at_once_send_one_mail()
    {
        if (!TestDatabase.IsPostgres)
            Assert.Skip("SQLite has one node.");
        await using var other = await App.StartSecondAsync("--SMTP_URL=" + Smtp.Url, "--MAIL_DIGESTS=off");
        var (ana, bela) = (await App.SignUpAsync("ana"), await App.SignUpAsync("bela"));
        await WantAsync(bela);
        await ana.SendAsync(await ana.DirectAsync(bela), "hello");

        Smtp.Forget();
        digests.Clock.Advance(TimeSpan.FromHours(25));
        await Task.WhenAll(SendAsync(App), SendAsync(other), SendAsync(App), SendAsync(other));

        Assert.Single(Smtp.Taken);
    }

    [Fact]
    public async Task Who_hides_what_messages_say_is_told_no_names_and_who_mutes_a_chat_or_is_back_nothing()
    {
        var ana = await App.SignUpAsync("ana", "Ana");
        var (bela, carl, dora) = (await App.SignUpAsync("bela"), await App.SignUpAsync("carl"), await App.SignUpAsync("dora"));
        foreach (var person in new[] { bela, carl, dora })
            await WantAsync(person);
        await bela.Users.UpdateSettingsAsync(new UserSettings { Notifications = new NotificationSettings { Preview = false } });
        var muted = await ana.DirectAsync(carl);
        await ana.SendAsync(await ana.DirectAsync(bela), "hello");
        await ana.SendAsync(muted, "hello");
        await carl.Client.Chats.UpdateSettingsAsync(muted, new() { MutedUntil = new(digests.Clock.GetUtcNow().AddYears(1)) });
        var read = await ana.DirectAsync(dora);
        var seen = await ana.SendAsync(read, "hello");
        await dora.Client.Chats.MarkReadAsync(read, seen.Seq);

        var letter = Assert.Single(await LookAsync(TimeSpan.FromHours(25)));

        Assert.Equal(bela.Email, letter.To);
        Assert.DoesNotContain("Ana", letter.Text, StringComparison.Ordinal);
        Assert.Contains("\n  1\n", letter.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_post_ends_them_on_all_devices_and_a_look_does_not()
    {
        var (ana, bela) = (await App.SignUpAsync("ana"), await App.SignUpAsync("bela"));
        await WantAsync(bela);
        await bela.Users.UpdateSettingsAsync(new UserSettings { Privacy = new PrivacySettings { LastSeen = Audiences.Nobody, ReadReceipts = false } });
        await ana.SendAsync(await ana.DirectAsync(bela), "hello");
        var letter = Assert.Single(await LookAsync(TimeSpan.FromHours(25)));
        var address = letter.Text.Split('\n').Single(line => line.Contains("unsubscribe", StringComparison.Ordinal));

        Assert.Contains($"List-Unsubscribe: <{address}>", letter.Head, StringComparison.Ordinal);
        Assert.Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click", letter.Head, StringComparison.Ordinal);
        using var looked = await App.Http.GetAsync(new Uri(address).PathAndQuery);
        bela = await App.SignInAsync(bela);
        Assert.Equal(DigestModes.Daily, (await bela.Users.GetSettingsAsync()).Notifications!.Digest);
        using var oneClick = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var ended = await App.Http.PostAsync(new Uri(address).PathAndQuery, oneClick);

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.NoContent), (looked.StatusCode, ended.StatusCode));
        var settings = await bela.Users.GetSettingsAsync();
        Assert.Equal((DigestModes.Off, Audiences.Nobody, false), (settings.Notifications!.Digest, settings.Privacy!.LastSeen, settings.Privacy.ReadReceipts));
        Assert.Empty(await LookAsync(TimeSpan.FromHours(25)));
        var token = address[(address.IndexOf('=', StringComparison.Ordinal) + 1)..];
        await App.Anonymous().Users.StopDigestsAsync(token);
        foreach (var wrong in new[] { "", "x", token[1..], token[..^4] + "AAAA", token + "A" })
            await App.Anonymous().Users.StopDigestsAsync(wrong).RefusedAsync(404, ErrorCodes.NotFound);
    }

    private static Task<UserSettings> WantAsync(Person person) =>
        person.Users.UpdateSettingsAsync(new UserSettings { Notifications = new NotificationSettings { Digest = DigestModes.Daily } });

    private static Task SendAsync(App app) => app.Services.GetRequiredService<DigestMails>().SendDueAsync(TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<TakenLetter>> LookAsync(TimeSpan later)
    {
        digests.Clock.Advance(later);
        Smtp.Forget();
        await SendAsync(App);
        return Smtp.Taken;
    }
}
