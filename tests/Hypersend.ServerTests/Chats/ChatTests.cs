using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Chats;

/// <summary>Making, finding, changing and ending chats over HTTP.</summary>
public sealed class ChatTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task The_saved_chat_is_there_from_the_start_and_stays()
    {
        var ana = await app.SignUpAsync("ana");
        var saved = Assert.Single(await ana.ChatsAsync());
        Assert.Equal((ChatTypes.Saved, ChatRoles.Owner, 1, null), (saved.Type, saved.MyRole, saved.MemberCount, saved.LastMessage));
        var found = await ana.PostAsync("/api/v1/chats", """{"type":"saved"}""").ReadAsync(HypersendJson.Wire.Chat);
        Assert.Equal((saved.Id, new ChatId(ana.Id.Value)), (found.Id, found.Id));
        await ana.DeleteAsync(saved.Id.Path()).RefusedAsync(409, ErrorCodes.FixedMembers);
        await ana.PostAsync(saved.Id.Path("/leave")).RefusedAsync(409, ErrorCodes.FixedMembers);
        await ana.PutAsync(saved.Id.Path(), """{"name":"Mine"}""").RefusedAsync(403, ErrorCodes.Forbidden);
    }

    [Fact]
    public async Task A_second_direct_chat_is_the_first_one_from_either_side()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob", "Bob B."));
        var made = await ana.MakeChatAsync($$"""{"type":"direct","member_ids":["{{bob.Id}}"]}""");
        Assert.Equal(("Bob B.", bob.Id, ChatRoles.Member, 2, 0), (made.Name, made.Peer!.Id, made.MyRole, made.MemberCount, made.LastSeq));
        var again = await bob.PostAsync("/api/v1/chats", $$"""{"type":"direct","member_ids":["{{ana.Id}}","{{bob.Id}}"]}""").ReadAsync(HypersendJson.Wire.Chat);
        Assert.Equal((made.Id, ana.Id), (again.Id, again.Peer!.Id));
        Assert.NotNull(await bob.SummaryAsync(made.Id));
    }

    [Fact]
    public async Task A_direct_chat_names_one_other_person_who_is_there()
    {
        var (ana, bob, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"), await app.SignUpAsync("eve"));
        await ana.PostAsync("/api/v1/chats", """{"type":"direct"}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync("/api/v1/chats", $$"""{"type":"direct","member_ids":["{{ana.Id}}"]}""").RefusedAsync(422, ErrorCodes.CannotTargetSelf);
        await ana.PostAsync("/api/v1/chats", $$"""{"type":"direct","member_ids":["{{bob.Id}}","{{eve.Id}}"]}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        var problem = await ana.PostAsync("/api/v1/chats", $$"""{"type":"direct","member_ids":["{{Guid.Empty}}"]}""").RefusedAsync(422, ErrorCodes.NoSuchPerson);
        Assert.Equal(Guid.Empty.ToString(), problem.More!["user_ids"][0].GetString());
    }

    [Fact]
    public async Task A_chat_needs_a_type_and_a_name_that_is_one()
    {
        var ana = await app.SignUpAsync("ana");
        await ana.PostAsync("/api/v1/chats", """{"name":"x"}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync("/api/v1/chats", """{"type":"club","name":"x"}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync("/api/v1/chats", """{"type":"group"}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync("/api/v1/chats", """{"type":"group","name":" \u2003"}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync("/api/v1/chats", """{"type":"group","name":"a\u0000b"}""").RefusedAsync(422, ErrorCodes.InvalidText);
        await ana.PostAsync("/api/v1/chats", $$"""{"type":"group","name":"{{new string('x', 101)}}"}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        var made = await ana.MakeChatAsync("""{"type":"group","name":"  ‮ 👩‍👩‍👧 ","description":"täglich"}""");
        Assert.Equal(("  ‮ 👩‍👩‍👧 ", "täglich"), (made.Name, made.Description));
    }

    [Fact]
    public async Task A_group_is_seen_by_its_members_alone()
    {
        var (ana, bob, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"), await app.SignUpAsync("eve"));
        var group = await ana.CreateChatAsync(ChatTypes.Group, "Trip", bob);
        Assert.Equal((false, 2, ChatRoles.Owner, true), (group.Public, group.MemberCount, group.MyRole, group.Permissions.Send));
        Assert.Equal(ChatRoles.Member, (await bob.FindChatAsync(group.Id)).MyRole);
        Assert.Equal("chat_created", (await bob.SummaryAsync(group.Id))!.LastMessage!.System!.Event);
        await eve.GetAsync(group.Id.Path()).RefusedAsync(404, ErrorCodes.NotFound);
        await eve.GetAsync(group.Id.Path("/members")).RefusedAsync(404, ErrorCodes.NotFound);
        Assert.Equal(2, (await bob.RolesAsync(group.Id)).Count);
    }

    [Fact]
    public async Task A_room_is_seen_by_all_and_read_by_those_who_came_in()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var room = await ana.MakeChatAsync("""{"type":"room","name":"Lobby","public":false}""");
        await ana.SendAsync(room.Id, "welcome");
        var seen = await bob.FindChatAsync(room.Id);
        Assert.Equal((true, null, null, 2), (seen.Public, seen.MyRole, seen.ReadSeq, seen.LastSeq));
        await bob.GetAsync($"/api/v1/messages/{room.Id}").RefusedAsync(404, ErrorCodes.NotFound);
        Assert.Null(await bob.SummaryAsync(room.Id));

        var joined = await bob.PostAsync(room.Id.Path("/join")).ReadAsync(HypersendJson.Wire.Chat);
        Assert.Equal((ChatRoles.Member, 2, 2, 2), (joined.MyRole, joined.MemberCount, joined.LastSeq, joined.ReadSeq));
        Assert.Equal("welcome", (await bob.SummaryAsync(room.Id))!.LastMessage!.Content);
        Assert.Equal(0, (await bob.SummaryAsync(room.Id))!.Unread);
    }

    [Fact]
    public async Task The_list_is_paged_and_its_cursor_is_ours()
    {
        var ana = await app.SignUpAsync("ana");
        for (var i = 0; i < 4; i++)
            await ana.CreateChatAsync(ChatTypes.Group, $"Group {i}");
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await ana.GetAsync($"/api/v1/chats?limit=2&cursor={cursor}").ReadAsync(HypersendJson.Wire.PageOfSummaries);
            names.AddRange(page.Items.Select(chat => chat.Type == ChatTypes.Saved ? "saved" : chat.Name));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(["Group 3", "Group 2", "Group 1", "Group 0", "saved"], names);
        foreach (var broken in new[] { "x", "AAAA", new string('A', 500), "MTox", "OTk5OTk5OTk5OTk5OTk5OTk6MQ" })
        {
            using var answer = await ana.GetAsync("/api/v1/chats?cursor=" + broken);
            Assert.True((int)answer.StatusCode == (broken == "MTox" ? 200 : 400), broken);
        }
    }

    [Fact]
    public async Task Only_an_owner_ends_a_chat_and_then_it_is_not_there()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var group = await ana.CreateChatAsync(ChatTypes.Group, "Short", bob);
        await ana.SendAsync(group.Id, "hello");
        await bob.DeleteAsync(group.Id.Path()).RefusedAsync(403, ErrorCodes.Forbidden);
        await ana.DeleteAsync(group.Id.Path()).AnsweredAsync(204);
        foreach (var person in new[] { ana, bob })
        {
            await person.GetAsync(group.Id.Path()).RefusedAsync(404, ErrorCodes.NotFound);
            await person.GetAsync($"/api/v1/messages/{group.Id}").RefusedAsync(404, ErrorCodes.NotFound);
            await person.PostAsync("/api/v1/messages", $$"""{"chat_id":"{{group.Id}}","content":"more"}""").RefusedAsync(404, ErrorCodes.NotFound);
            Assert.Null(await person.SummaryAsync(group.Id));
        }

        await ana.DeleteAsync(group.Id.Path()).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task To_delete_a_direct_chat_is_to_put_it_away()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var chat = await ana.OpenDirectAsync(bob);
        await ana.DeleteAsync(chat.Id.Path()).AnsweredAsync(204);
        Assert.Null(await ana.SummaryAsync(chat.Id));
        Assert.NotNull(await bob.SummaryAsync(chat.Id));
        await bob.SendAsync(chat.Id, "still there?");
        Assert.Equal((1, "still there?"), ((await ana.SummaryAsync(chat.Id))!.Unread, (await ana.SummaryAsync(chat.Id))!.LastMessage!.Content));
    }

    [Fact]
    public async Task Who_is_blocked_opens_no_direct_chat_and_brings_nobody_in()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        await ana.Users.BlockAsync(bob.Id);
        await bob.PostAsync("/api/v1/chats", $$"""{"type":"direct","member_ids":["{{ana.Id}}"]}""").RefusedAsync(403, ErrorCodes.Blocked);
        var group = await bob.CreateChatAsync(ChatTypes.Group);
        var problem = await bob.AddAsync(group.Id, ana).RefusedAsync(403, ErrorCodes.Blocked);
        Assert.Equal(ana.Id.ToString(), problem.More!["user_ids"][0].GetString());
        await bob.PostAsync("/api/v1/chats", $$"""{"type":"group","name":"x","member_ids":["{{ana.Id}}"]}""").RefusedAsync(403, ErrorCodes.Blocked);
    }
}
