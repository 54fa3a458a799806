using System.Text.Json.Nodes;
using System.Threading.Channels;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Realtime;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Chats;

/// <summary>My own settings, and what is told of chats and people: read off the bus.</summary>
public sealed class EventTests : IClassFixture<App>
{
    private readonly App _app;
    private readonly Channel<BusMessage> _told = Channel.CreateUnbounded<BusMessage>();

    public EventTests(App app)
    {
        _app = app;
        app.Services.GetRequiredService<IBus>().Subscribe(message => _told.Writer.TryWrite(message));
    }

    [Fact]
    public async Task Settings_are_mine_and_told_to_my_devices()
    {
        var (ana, bob) = (await _app.SignUpAsync("ana"), await _app.SignUpAsync("bob"));
        var group = await ana.CreateChatAsync(ChatTypes.Group, "Trip", bob);
        await ana.PutAsync(group.Id.Path("/settings"), """{"muted_until":"2100-01-01T00:00:00.000Z","pinned":true,"draft":"Hallo 🎈"}""").AnsweredAsync(200);
        var told = await TellingAsync(ana.Id, "chat.settings");
        Assert.Equal(("Hallo 🎈", true), ((string)told["draft"]!, (bool)told["pinned"]!));
        var summary = (await ana.SummaryAsync(group.Id))!;
        Assert.Equal((true, true, false, "Hallo 🎈"), (summary.Muted, summary.Pinned, summary.Archived, summary.Draft));
        Assert.Equal((false, false, null), ((await bob.SummaryAsync(group.Id))!.Muted, (await bob.SummaryAsync(group.Id))!.Pinned, (await bob.SummaryAsync(group.Id))!.Draft));

        await ana.PutAsync(group.Id.Path("/settings"), """{"muted_until":"2000-01-01T00:00:00Z","draft":null,"archived":true}""").AnsweredAsync(200);
        summary = (await ana.SummaryAsync(group.Id))!;
        Assert.Equal((false, true, true, null), (summary.Muted, summary.Pinned, summary.Archived, summary.Draft));
        await ana.PutAsync(group.Id.Path("/settings"), """{"draft":"a\u0000"}""").RefusedAsync(422, ErrorCodes.InvalidText);
        await ana.PutAsync(group.Id.Path("/settings"), $$"""{"draft":"{{new string('x', 10_001)}}"}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PutAsync(group.Id.Path("/settings"), """{"muted_until":"soon"}""").RefusedAsync(400, ErrorCodes.MalformedBody);
        var long10K = string.Concat(Enumerable.Repeat("🎈", 10_000));
        await ana.PutAsync(group.Id.Path("/settings"), $$"""{"draft":"{{long10K}}"}""").AnsweredAsync(200);
        Assert.Equal(long10K, (await ana.SummaryAsync(group.Id))!.Draft);
    }

    [Fact]
    public async Task Who_comes_gets_their_own_view_and_who_goes_hears_nothing_more()
    {
        var (ana, bob) = (await _app.SignUpAsync("ana"), await _app.SignUpAsync("bob"));
        var group = await ana.CreateChatAsync(ChatTypes.Group);
        await ana.AddAsync(group.Id, bob).AnsweredAsync(200);
        var commit = await CommitAsync(group.Id, one => one.Moves.Any(move => move.User == bob.Id && move.In));
        var created = JsonNode.Parse(commit.Moves.Single().Json.Span)!;
        Assert.Equal(("chat.created", "member", 3), ((string)created["type"]!, (string)created["chat"]!["my_role"]!, (int)created["chat"]!["rev"]!));
        Assert.Equal([2L, 3L], commit.Events.Select(one => one.Rev));
        Assert.Equal(["message", "member.joined"], commit.Events.Select(one => (string)JsonNode.Parse(one.Json.Span)!["type"]!));

        await ana.DeleteAsync(group.Id.Path($"/members/{bob.Id}")).AnsweredAsync(204);
        commit = await CommitAsync(group.Id, one => one.Moves.Any(move => move.User == bob.Id && !move.In));
        Assert.Equal("chat.removed", (string)JsonNode.Parse(commit.Moves.Single().Json.Span)!["type"]!);
        Assert.Equal(["message", "member.left"], commit.Events.Select(one => (string)JsonNode.Parse(one.Json.Span)!["type"]!));
    }

    [Fact]
    public async Task A_chat_put_away_and_opened_again_is_told_to_my_devices()
    {
        var (ana, bob) = (await _app.SignUpAsync("ana"), await _app.SignUpAsync("bob"));
        var chat = await ana.OpenDirectAsync(bob);
        await ana.PostAsync(chat.Id.Path("/leave")).AnsweredAsync(204);
        await TellingAsync(ana.Id, "chat.removed");
        await ana.OpenDirectAsync(bob);
        var told = await TellingAsync(ana.Id, "chat.created");
        Assert.Equal(bob.Id.ToString(), (string)told["chat"]!["peer"]!["id"]!);
    }

    [Fact]
    public async Task A_new_name_or_picture_is_told_to_those_who_share_a_chat()
    {
        var (ana, bob) = (await _app.SignUpAsync("ana"), await _app.SignUpAsync("bob"));
        await ana.OpenDirectAsync(bob);
        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Name = "Ana the Second" });
        var told = await TellingAsync(ana.Id, "user.updated");
        Assert.Equal("Ana the Second", (string)told["user"]!["name"]!);
        await ana.Users.SetAvatarAsync(Pictures.Png);
        told = await TellingAsync(ana.Id, "user.updated");
        Assert.NotNull(told["user"]!["avatar_url"]);
    }

    [Fact]
    public async Task Who_deletes_their_account_leaves_each_chat_an_owner()
    {
        var (ana, bob, eve) = (await _app.SignUpAsync("ana", "Ana the Ghost"), await _app.SignUpAsync("bob"), await _app.SignUpAsync("eve"));
        var group = await ana.CreateChatAsync(ChatTypes.Group, "Trip", bob, eve);
        await ana.GiveRoleAsync(group.Id, eve, ChatRoles.Admin).AnsweredAsync(200);
        var direct = await ana.OpenDirectAsync(bob);
        await ana.SendAsync(direct.Id, "good bye");
        await ana.Users.DeleteMeAsync();

        Assert.Equal(new Dictionary<UserId, string> { [bob.Id] = ChatRoles.Member, [eve.Id] = ChatRoles.Owner }, await bob.RolesAsync(group.Id));
        var left = (await bob.SummaryAsync(direct.Id))!;
        Assert.Equal(("Ana the Ghost", true, "good bye"), (left.Name, left.Peer!.Deleted, left.LastMessage!.Content));
        await CommitAsync(group.Id, one => one.Moves.Any(move => move.User == ana.Id && !move.In));
        await bob.PostAsync("/api/v1/chats", $$"""{"type":"direct","member_ids":["{{ana.Id}}"]}""").AnsweredAsync(200);
    }

    private async Task<ChatCommit> CommitAsync(ChatId chat, Func<ChatCommit, bool> wanted)
    {
        await foreach (var message in _told.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (message is ChatCommit commit && commit.Chat == chat && wanted(commit))
                return commit;
        }

        throw new InvalidOperationException("The bus has ended.");
    }

    /// <summary>The next of this type that is for one person's devices, or about them.</summary>
    private async Task<JsonNode> TellingAsync(UserId user, string type)
    {
        await foreach (var message in _told.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            var json = message switch
            {
                UserNotice notice when notice.User == user => notice.Json,
                PersonNotice notice when notice.User == user && notice.Chats.Count == 2 => notice.Json,
                _ => default,
            };
            if (!json.IsEmpty && JsonNode.Parse(json.Span)! is var told && (string)told["type"]! == type)
                return told;
        }

        throw new InvalidOperationException("The bus has ended.");
    }
}
