using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Push;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Push;

/// <summary>What reaches a closed device, and what does not. That nothing came is said by what comes next.</summary>
public sealed class PushTests(PushApp push) : IClassFixture<PushApp>
{
    private App App => push.App;

    [Fact]
    public async Task A_direct_message_reaches_a_closed_device_encrypted_for_it()
    {
        var ana = await App.SignUpAsync("ana", "Ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var chat = await ana.DirectAsync(bela);

        var sent = await ana.SendAsync(chat, "Hello — grüß dich 👋");
        var pushed = await phone.NextAsync();

        Assert.Equal(
            (PushKinds.Message, chat, ChatTypes.Direct, sent.Id, sent.Seq, "Ana", "Ana", "Hello — grüß dich 👋", "text", 1L, 1L),
            (pushed.Notice.Kind, pushed.Notice.ChatId!.Value, pushed.Notice.ChatType, pushed.Notice.MessageId!.Value, pushed.Notice.Seq!.Value,
                pushed.Notice.Title, pushed.Notice.Sender, pushed.Notice.Body, pushed.Notice.Type, pushed.Notice.Unread!.Value, pushed.Notice.Badge!.Value));
        Assert.Equal(("aes128gcm", "high", "86400"), (pushed.Headers["Content-Encoding"], pushed.Headers["Urgency"], pushed.Headers["TTL"]));
        Assert.StartsWith("vapid t=", pushed.Headers["Authorization"], StringComparison.Ordinal);
        Assert.EndsWith(", k=" + (await bela.Client.Push.GetKeyAsync()).PublicKey, pushed.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Matches("^[A-Za-z0-9_-]{24}$", pushed.Headers["Topic"]);
    }

    [Fact]
    public async Task The_sender_and_who_has_read_it_are_not_told()
    {
        var (ana, laptop) = await push.AwayAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var chat = await ana.DirectAsync(bela);

        await ana.SendAsync(chat, "one");
        await phone.NextAsync();
        await bela.SendAsync(chat, "two");
        await laptop.NextAsync();
        await ana.Client.Push.TestAsync();

        Assert.Equal(PushKinds.Test, (await laptop.NextAsync()).Notice.Kind);
        Assert.Empty(laptop.Rest());
    }

    [Fact]
    public async Task A_device_that_is_awake_is_left_alone_and_another_of_the_same_person_is_told()
    {
        var ana = await App.SignUpAsync("ana");
        var (bela, laptop) = await push.AwayAsync("bela");
        var mobile = await App.SignInAsync(bela);
        var phone = await push.SubscribeAsync(mobile);
        var chat = await ana.DirectAsync(bela);
        await using var socket = await SocketClient.OpenAsync(App, bela);
        await socket.HelloAsync();

        await ana.SendAsync(chat, "hello");
        var heard = await socket.NextAsync("message");
        await socket.SendAsync($$"""{"type":"delivered","chat_id":"{{chat}}","seq":{{heard["message"]!["seq"]}}}""");
        await phone.NextAsync();
        await bela.Client.Push.TestAsync();

        Assert.Equal(PushKinds.Test, (await laptop.NextAsync()).Notice.Kind);
    }

    [Fact]
    public async Task A_device_whose_socket_is_open_and_says_nothing_is_told_all_the_same()
    {
        var ana = await App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var chat = await ana.DirectAsync(bela);
        var socket = await SocketClient.OpenAsync(App, bela);
        await socket.HelloAsync();

        await ana.SendAsync(chat, "into the void");
        await socket.NextAsync("message");

        // It goes away without ever having answered: that is the moment at which it must be told, not later.
        await socket.DisposeAsync();
        Assert.Equal("into the void", (await phone.NextAsync()).Notice.Body);
    }

    [Fact]
    public async Task What_is_read_elsewhere_is_taken_away_here()
    {
        var ana = await App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var laptop = await App.SignInAsync(bela);
        var chat = await ana.DirectAsync(bela);
        var sent = await ana.SendAsync(chat, "hello");
        var shown = await phone.NextAsync();

        await laptop.ReadAsync(chat);
        var cleared = await phone.NextAsync();

        Assert.Equal((PushKinds.Clear, chat, sent.Seq, 0L), (cleared.Notice.Kind, cleared.Notice.ChatId!.Value, cleared.Notice.Seq!.Value, cleared.Notice.Badge!.Value));
        Assert.Equal(shown.Headers["Topic"], cleared.Headers["Topic"]);
        Assert.Null(cleared.Notice.Body);
    }

    [Fact]
    public async Task What_is_deleted_is_taken_away()
    {
        var ana = await App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var chat = await ana.DirectAsync(bela);
        var sent = await ana.SendAsync(chat, "a secret sent to the wrong one");
        await phone.NextAsync();

        await ana.Messages.DeleteAsync(sent.Id);

        Assert.Equal((PushKinds.Clear, sent.Seq), ((await phone.NextAsync()).Notice is var notice ? (notice.Kind, notice.Seq!.Value) : default));
    }

    [Fact]
    public async Task A_muted_chat_tells_only_who_is_called_by_name()
    {
        var ana = await App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var chat = await App.GroupAsync(ana, bela);
        await bela.Chats.UpdateSettingsAsync(chat, new ChatSettingsRequest { MutedUntil = new(TimeProvider.System.GetUtcNow().AddDays(1)) });

        await ana.SendAsync(chat, "for nobody");
        await ana.SendAsync(chat, "@all for nobody either");
        await ana.SendAsync(chat, $"@{bela.Username} for you");
        var pushed = await phone.NextAsync();

        Assert.Equal((PushKinds.Mention, $"@{bela.Username} for you", "high"), (pushed.Notice.Kind, pushed.Notice.Body, pushed.Headers["Urgency"]));
    }

    [Fact]
    public async Task Who_wants_mentions_only_is_told_of_mentions_and_of_answers()
    {
        var ana = await App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var chat = await App.GroupAsync(ana, bela);
        await bela.Users.UpdateSettingsAsync(new UserSettings { Notifications = new NotificationSettings { Level = "mentions" } });
        var mine = await bela.SendAsync(chat, "a question");

        await ana.SendAsync(chat, "nothing special");
        await ana.SendAsync(chat, "an answer", replyTo: mine.Id);

        Assert.Equal((PushKinds.Reply, "an answer"), ((await phone.NextAsync()).Notice is var notice ? (notice.Kind, notice.Body) : default));
    }

    [Fact]
    public async Task A_room_tells_only_whom_it_calls()
    {
        var ana = await App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var room = await ana.RoomAsync();
        await bela.Chats.JoinAsync(room);

        await ana.SendAsync(room, "chatter");
        await ana.SendAsync(room, "@all listen");

        Assert.Equal((PushKinds.Mention, "@all listen"), ((await phone.NextAsync()).Notice is var notice ? (notice.Kind, notice.Body) : default));
    }

    [Fact]
    public async Task Hidden_content_says_only_that_something_came()
    {
        var ana = await App.SignUpAsync("ana", "Ana");
        var (bela, phone) = await push.AwayAsync("bela");
        await bela.Users.UpdateSettingsAsync(new UserSettings { Language = "de", Notifications = new NotificationSettings { Preview = false, Sound = false } });

        await ana.SendAsync(await ana.DirectAsync(bela), "a secret");
        var notice = (await phone.NextAsync()).Notice;

        Assert.Equal((true, true, "de"), (notice.Hidden, notice.Silent, notice.Language));
        Assert.Equal((null, null, null, null, null), (notice.Title, notice.Sender, notice.Body, notice.Icon, notice.Type));
    }

    [Fact]
    public async Task What_destroys_itself_is_told_of_without_its_text()
    {
        var ana = await App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");

        await ana.SendAsync(new SendMessageRequest { ChatId = await ana.DirectAsync(bela), Content = "burn this", ExpiresIn = 3600 });
        var pushed = await phone.NextAsync();

        Assert.Null(pushed.Notice.Body);
        Assert.InRange(int.Parse(pushed.Headers["TTL"], System.Globalization.CultureInfo.InvariantCulture), 3000, 3600);
    }

    [Fact]
    public async Task Quiet_hours_are_quiet()
    {
        var ana = await App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");
        var (carl, awake) = await push.AwayAsync("carl");
        var chat = await App.GroupAsync(ana, bela, carl);

        // All day but for a minute that is long past or far away.
        var minute = TimeProvider.System.GetUtcNow().AddHours(5);
        var from = $"{minute:HH:mm}";
        await bela.Users.UpdateSettingsAsync(new UserSettings
        {
            Notifications = new NotificationSettings { QuietFrom = from, QuietTo = $"{minute.AddMinutes(-1):HH:mm}", Zone = "Etc/UTC" },
        });
        await ana.SendAsync(chat, "in the night");

        // Who is told of it is decided for all at once: by now for her as well.
        Assert.Equal("in the night", (await awake.NextAsync()).Notice.Body);
        await bela.Client.Push.TestAsync();

        Assert.Equal(PushKinds.Test, (await phone.NextAsync()).Notice.Kind);
        await bela.Users.UpdateSettingsAsync(new UserSettings { Notifications = new NotificationSettings { QuietFrom = "", QuietTo = "" } });
        await ana.SendAsync(chat, "in the morning");
        Assert.Equal("in the morning", (await phone.NextAsync()).Notice.Body);
    }

    [Fact]
    public async Task A_blocked_member_of_a_group_is_not_heard()
    {
        var ana = await App.SignUpAsync("ana");
        var carl = await App.SignUpAsync("carl");
        var (bela, phone) = await push.AwayAsync("bela");
        var chat = await App.GroupAsync(ana, bela, carl);
        await bela.Users.BlockAsync(carl.Id);

        await carl.SendAsync(chat, "from the blocked one");
        await ana.SendAsync(chat, "from a friend");

        Assert.Equal("from a friend", (await phone.NextAsync()).Notice.Body);
    }

    [Fact]
    public async Task A_long_text_is_cut_and_fits()
    {
        var ana = await App.SignUpAsync("ana");
        var (bela, phone) = await push.AwayAsync("bela");

        await ana.SendAsync(await ana.DirectAsync(bela), string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 500)));
        var pushed = await phone.NextAsync();

        Assert.EndsWith("👨‍👩‍👧‍👦…", pushed.Notice.Body, StringComparison.Ordinal);
        Assert.InRange(pushed.Bytes, 100, 4096);
    }
}
