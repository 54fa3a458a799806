using System.Text.Json.Nodes;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Files;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Files;

public sealed class RetentionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_file_whose_time_is_over_says_so_in_its_message_within_seconds()
    {
        await using var app = await App.StartAsync(_clock);
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        await using var socket = await SocketClient.OpenAsync(app, ben);
        var file = await ana.UploadAsync(chat, retention: new Retention { Mode = RetentionModes.Until, At = _clock.GetUtcNow().AddSeconds(30) });
        await socket.NextAsync("file.ready");

        _clock.Advance(TimeSpan.FromSeconds(30));
        var seen = await socket.UntilAsync(one => Says(one, "file.removed", file.ToString()));
        Assert.Contains(seen, one => one["type"]!.GetValue<string>() == "message.updated" && one["message"]!["files"]![0]!["state"]!.GetValue<string>() == FileStates.Expired);
        Assert.Equal(FileStates.Expired, (await ben.Files.GetAsync(file)).State);
        await ben.Files.GetDigestsAsync(file).RefusedAsync(410, "file_gone");
        await ben.Files.ConfirmAsync(file).RefusedAsync(410, "file_gone");

        // It was there and could have been fetched: it still counts as unread.
        Assert.Equal((1, 0), await ben.WaitingAsync(chat));
    }

    [Fact]
    public async Task A_file_that_waits_for_its_delivery_goes_when_everybody_has_confirmed_it()
    {
        await using var app = await App.StartAsync();
        var (ana, ben, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("eve"));
        var chat = await app.GroupAsync(ana, ben, eve);
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "a.bin", Size = 0, ChatId = chat, Retention = new Retention { Mode = RetentionModes.AfterDelivery } });
        await ben.Files.ConfirmAsync(upload.FileId).RefusedAsync(409, "file_not_ready");
        var file = (await ana.Files.CompleteAsync(upload.UploadId)).FileId;

        await ben.Files.ConfirmAsync(file);
        await ben.Files.ConfirmAsync(file);
        var deliveries = (await ana.Files.ListDeliveriesAsync(file)).Items.ToDictionary(delivery => delivery.User.Id);
        Assert.Equal((true, true, false, false), (deliveries[ben.Id].Delivered, deliveries[ben.Id].Verified, deliveries[eve.Id].Delivered, deliveries[eve.Id].Verified));
        Assert.Equal(FileStates.Ready, (await ana.Files.GetAsync(file)).State);
        await eve.Files.ConfirmAsync(file);
        Assert.Equal(FileStates.Expired, (await ana.Files.GetAsync(file)).State);
        await eve.Files.ConfirmAsync(file);
        Assert.Equal(0, (await ana.Files.GetUsageAsync()).UsedBytes);
        Assert.Equal(FileStates.Expired, (await eve.HistoryAsync(chat)).Single(message => message.Files.Count > 0).Files[0].State);

        var first = await ana.Files.ListDeliveriesAsync(file, limit: 1);
        var second = await ana.Files.ListDeliveriesAsync(file, first.NextCursor, limit: 1);
        Assert.Equal(new[] { ben.Id, eve.Id }.ToHashSet(), first.Items.Concat(second.Items).Select(delivery => delivery.User.Id).ToHashSet());
        Assert.Null(second.NextCursor);
    }

    [Fact]
    public async Task It_does_not_wait_for_those_who_leave_or_are_removed()
    {
        await using var app = await App.StartAsync(_clock);
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var (eve, kim) = (await app.SignUpAsync("eve"), await app.SignUpAsync("kim"));
        var chat = await app.GroupAsync(ana, ben, eve, kim);
        await using var socket = await SocketClient.OpenAsync(app, ben);
        var file = await ana.UploadAsync(chat, retention: new Retention { Mode = RetentionModes.AfterDelivery });
        await ben.Files.ConfirmAsync(file);

        await eve.PostAsync(chat.Path("/leave")).AnsweredAsync(204);
        (await app.FetchAsync(ben, file.DownloadPath()).AnsweredAsync(200)).Dispose();
        await ana.DeleteAsync(chat.Path($"/members/{kim.Id}")).AnsweredAsync(204);
        await app.FetchAsync(ben, file.DownloadPath()).RefusedAsync(410, "file_gone");

        _clock.Advance(TimeSpan.FromSeconds(3));
        await socket.NextAsync(one => Says(one, "file.removed", file.ToString()));
        Assert.Equal(FileStates.Expired, (await ana.Files.GetAsync(file)).State);
    }

    [Fact]
    public async Task An_upload_that_was_never_finished_fails_in_its_message_and_is_no_unread_message()
    {
        await using var app = await App.StartAsync(_clock, "--UPLOAD_SESSION_HOURS=1");
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        await using var socket = await SocketClient.OpenAsync(app, ben);
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "a.bin", Size = 5, ChatId = chat });
        Assert.Equal((1, 0), await ben.WaitingAsync(chat));

        _clock.Advance(TimeSpan.FromHours(1));
        await socket.NextAsync(one => Says(one, "file.failed", upload.FileId.ToString()));
        Assert.Equal((0, 0), await ben.WaitingAsync(chat));
        var message = (await ben.HistoryAsync(chat)).Single(one => one.Files.Count > 0);
        Assert.Equal(FileStates.Expired, message.Files[0].State);
        Assert.NotNull(message.FailedAt);
        await ana.Files.GetStatusAsync(upload.UploadId).RefusedAsync(410, "upload_expired");
        Assert.Equal(0, (await ana.Files.GetUsageAsync()).UsedBytes);
    }

    [Fact]
    public async Task A_client_that_listens_counts_what_is_unread_as_the_server_does()
    {
        await using var app = await App.StartAsync();
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var live = await ben.LiveAsync();
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "a.bin", Size = 5, ChatId = chat, Caption = $"@{ben.Username}" });
        await live.WhenAsync(state => state.Chats[chat].Mine is { Unread: 1, Mentions: 1 }).WaitAsync(Patience);
        await ana.Files.DeleteAsync(upload.UploadId);
        await live.WhenAsync(state => state.Chats[chat].Mine is { Unread: 0, Mentions: 0 }).WaitAsync(Patience);
        Assert.Equal((0, 0), await ben.WaitingAsync(chat));
    }

    [Fact]
    public async Task An_admin_sees_what_the_sweeper_would_do()
    {
        await using var app = await App.StartAsync(_clock);
        var admin = await app.SignUpAsync("admin");
        var chat = await admin.RoomAsync();
        var file = await admin.SendFileAsync(chat);
        await admin.Messages.DeleteAsync((await admin.HistoryAsync(chat))[^1].Id);
        Assert.DoesNotContain((await admin.Admin.PreviewSweepAsync()).Items, decision => decision.Id == file);
        Assert.Equal(FileStates.Ready, (await admin.Files.GetAsync(file)).State);
    }

    [Fact]
    public async Task A_quota_is_set_by_an_admin_and_refuses_with_figures()
    {
        await using var app = await App.StartAsync();
        var (admin, ana) = (await app.SignUpAsync("admin"), await app.SignUpAsync("ana"));
        await admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { QuotaBytes = 100 });
        await ana.Files.InitAsync(new InitUploadRequest { Filename = "a", Size = 60 });
        var refusal = await ana.Files.InitAsync(new InitUploadRequest { Filename = "b", Size = 41 }).RefusedAsync(507, "quota_exceeded");
        Assert.Equal(100, refusal.Problem.More?["quota_bytes"].GetInt64());
        Assert.Equal(60, refusal.Problem.More?["used_bytes"].GetInt64());
    }

    private static bool Says(JsonObject one, string type, string file) => one["type"]!.GetValue<string>() == type && one["file_id"]!.GetValue<string>() == file;
}
