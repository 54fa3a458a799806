using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Chats;

/// <summary>Roles, comings and goings, invitations and bans over HTTP.</summary>
public sealed class MemberTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task People_are_added_and_the_answer_names_them()
    {
        var (ana, bob, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"), await app.SignUpAsync("eve"));
        var group = await ana.CreateChatAsync(ChatTypes.Group, "Trip", bob);
        var added = await ana.AddAsync(group.Id, bob, eve).ReadAsync(HypersendJson.Wire.PageOfMembers);
        Assert.Equal(new HashSet<UserId> { bob.Id, eve.Id }, added.Items.Select(member => member.User.Id).ToHashSet());
        Assert.All(added.Items, member => Assert.Equal(ChatRoles.Member, member.Role));
        Assert.Equal(3, (await eve.FindChatAsync(group.Id)).MemberCount);
        var note = (await eve.SummaryAsync(group.Id))!.LastMessage!;
        Assert.Equal(("user_joined", eve.Id, ana.Id), (note.System!.Event, note.System.User!.Id, note.Sender.Id));

        await ana.PostAsync(group.Id.Path("/members"), """{"user_ids":[]}""").RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync(group.Id.Path("/members")).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.PostAsync(group.Id.Path("/members"), $$"""{"user_ids":["{{Guid.AllBitsSet}}"]}""").RefusedAsync(422, ErrorCodes.NoSuchPerson);
        await bob.AddAsync(group.Id, eve).RefusedAsync(403, ErrorCodes.Forbidden);
    }

    [Fact]
    public async Task Nobody_whose_account_is_disabled_or_deleted_is_added()
    {
        var (ana, gone, off) = (await app.SignUpAsync("ana"), await app.SignUpAsync("gone"), await app.SignUpAsync("off"));
        await gone.Users.DeleteMeAsync();
        await app.Admin.Admin.UpdateUserAsync(off.Id, new Contracts.Admin.AdminUpdateUserRequest { Disabled = true });
        var group = await ana.CreateChatAsync(ChatTypes.Group);
        await ana.AddAsync(group.Id, gone).RefusedAsync(422, ErrorCodes.NoSuchPerson);
        await ana.AddAsync(group.Id, off).RefusedAsync(422, ErrorCodes.NoSuchPerson);
    }

    [Fact]
    public async Task There_may_be_several_owners_but_never_none()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var group = await ana.CreateChatAsync(ChatTypes.Group, "Trip", bob);
        await ana.PostAsync(group.Id.Path("/leave")).RefusedAsync(409, ErrorCodes.LastOwner);
        await ana.GiveRoleAsync(group.Id, ana, ChatRoles.Member).RefusedAsync(409, ErrorCodes.LastOwner);
        var member = await ana.GiveRoleAsync(group.Id, bob, ChatRoles.Owner).ReadAsync(HypersendJson.Wire.ChatMember);
        Assert.Equal((bob.Id, ChatRoles.Owner), (member.User.Id, member.Role));
        await ana.GiveRoleAsync(group.Id, ana, ChatRoles.Member).AnsweredAsync(200);
        Assert.Equal(ChatRoles.Member, (await ana.FindChatAsync(group.Id)).MyRole);
        await ana.GiveRoleAsync(group.Id, ana, ChatRoles.Admin).RefusedAsync(403, ErrorCodes.Forbidden);
        await ana.PostAsync(group.Id.Path("/leave")).AnsweredAsync(204);
        await ana.GetAsync(group.Id.Path()).RefusedAsync(404, ErrorCodes.NotFound);
        Assert.Equal("user_left", (await bob.SummaryAsync(group.Id))!.LastMessage!.System!.Event);

        await bob.DeleteAsync(group.Id.Path($"/members/{bob.Id}")).AnsweredAsync(204);
        await bob.GetAsync(group.Id.Path()).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task Whoever_is_nothing_more_is_a_subscriber_in_channels_and_a_member_elsewhere()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var channel = await ana.CreateChatAsync(ChatTypes.Channel, "News", bob);
        Assert.Equal((false, ChatRoles.Subscriber), (channel.Permissions.Send, (await bob.FindChatAsync(channel.Id)).MyRole));
        await ana.GiveRoleAsync(channel.Id, bob, ChatRoles.Admin).AnsweredAsync(200);
        Assert.Equal(ChatRoles.Subscriber, (await ana.GiveRoleAsync(channel.Id, bob, ChatRoles.Member).ReadAsync(HypersendJson.Wire.ChatMember)).Role);
        Assert.False((await ana.PutAsync(channel.Id.Path(), """{"permissions":{"send":true}}""").ReadAsync(HypersendJson.Wire.Chat)).Permissions.Send);
        await bob.PostAsync("/api/v1/messages", $$"""{"chat_id":"{{channel.Id}}","content":"me too"}""").RefusedAsync(403, ErrorCodes.Forbidden);

        var group = await ana.CreateChatAsync(ChatTypes.Group, "Trip", bob);
        await ana.GiveRoleAsync(group.Id, bob, ChatRoles.Subscriber).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.GiveRoleAsync(group.Id, bob, "king").RefusedAsync(422, ErrorCodes.ValidationFailed);
    }

    [Fact]
    public async Task Members_are_listed_page_by_page()
    {
        var ana = await app.SignUpAsync("ana");
        var people = new List<Person>();
        for (var i = 0; i < 4; i++)
            people.Add(await app.SignUpAsync("guest"));
        var room = await ana.CreateChatAsync(ChatTypes.Room, "Lobby", [.. people]);
        var listed = new List<UserId>();
        string? cursor = null;
        do
        {
            var page = await ana.GetAsync(room.Id.Path($"/members?limit=2&cursor={cursor}")).ReadAsync(HypersendJson.Wire.PageOfMembers);
            listed.AddRange(page.Items.Select(member => member.User.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(5, listed.Count);
        Assert.Equal(people.Append(ana).Select(person => person.Id).ToHashSet(), listed.ToHashSet());
        await ana.GetAsync(room.Id.Path("/members?cursor=x")).RefusedAsync(400, ErrorCodes.InvalidCursor);
    }

    [Fact]
    public async Task A_link_lets_people_in_until_it_is_used_up_or_withdrawn()
    {
        var (ana, bob, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"), await app.SignUpAsync("eve"));
        var group = await ana.CreateChatAsync(ChatTypes.Group);
        var once = await ana.PostAsync(group.Id.Path("/invites"), """{"max_uses":1,"expires_in":3600}""").ReadAsync(HypersendJson.Wire.ChatInvite, 201);
        Assert.Equal((22, 1, 0, ana.Id), (once.Token.Length, once.MaxUses, once.Uses, once.CreatedBy));
        Assert.EndsWith("/join/" + once.Token, once.Url, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromHours(1), once.ExpiresAt - once.CreatedAt);
        var joined = await JoinAsync(bob, once.Token).ReadAsync(HypersendJson.Wire.Chat);
        Assert.Equal((group.Id, ChatRoles.Member), (joined.Id, joined.MyRole));
        Assert.Equal(group.Id, (await JoinAsync(bob, once.Token).ReadAsync(HypersendJson.Wire.Chat)).Id);
        await JoinAsync(eve, once.Token).RefusedAsync(410, ErrorCodes.InvalidChatInvite);
        await eve.GetAsync("/api/v1/chats/invites/" + once.Token).RefusedAsync(410, ErrorCodes.InvalidChatInvite);
        await bob.GetAsync("/api/v1/chats/invites/" + once.Token).AnsweredAsync(200);

        var open = await ana.SendAsync(HttpMethod.Post, group.Id.Path("/invites")).ReadAsync(HypersendJson.Wire.ChatInvite, 201);
        Assert.Equal((null, null), (open.ExpiresAt, open.MaxUses));
        Assert.Equal(open.Token, Assert.Single((await ana.GetAsync(group.Id.Path("/invites")).ReadAsync(HypersendJson.Wire.PageOfChatInvites)).Items).Token);
        var invited = await eve.Chats.GetInvitedAsync(open.Token);
        Assert.Equal((group.Type, group.Name, 2), (invited.Type, invited.Name, invited.MemberCount));
        await ana.DeleteAsync(group.Id.Path("/invites/" + open.Token)).AnsweredAsync(204);
        await eve.GetAsync("/api/v1/chats/invites/" + open.Token).RefusedAsync(410, ErrorCodes.InvalidChatInvite);
        await JoinAsync(eve, open.Token).RefusedAsync(410, ErrorCodes.InvalidChatInvite);
        await ana.DeleteAsync(group.Id.Path("/invites/" + open.Token)).RefusedAsync(404, ErrorCodes.NotFound);

        foreach (var wrong in new[] { """{"max_uses":0}""", """{"expires_in":0}""", """{"max_uses":100001}""" })
            await ana.PostAsync(group.Id.Path("/invites"), wrong).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await JoinAsync(eve, "a\\u0000b").RefusedAsync(422, ErrorCodes.InvalidText);
    }

    [Fact]
    public async Task Who_is_banned_does_not_come_back_until_they_may()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var room = await ana.CreateChatAsync(ChatTypes.Room, "Lobby", bob);
        var invite = await ana.PostAsync(room.Id.Path("/invites")).ReadAsync(HypersendJson.Wire.ChatInvite, 201);
        await ana.PostAsync(room.Id.Path($"/bans/{bob.Id}")).AnsweredAsync(204);
        await ana.PostAsync(room.Id.Path($"/bans/{ana.Id}")).RefusedAsync(422, ErrorCodes.CannotTargetSelf);
        await ana.PostAsync(room.Id.Path($"/bans/{Guid.AllBitsSet}")).RefusedAsync(404, ErrorCodes.NotFound);
        await bob.PostAsync(room.Id.Path("/join")).RefusedAsync(403, ErrorCodes.Banned);
        await JoinAsync(bob, invite.Token).RefusedAsync(403, ErrorCodes.Banned);
        await bob.GetAsync("/api/v1/chats/invites/" + invite.Token).RefusedAsync(403, ErrorCodes.Banned);
        await bob.PostAsync($"/api/messages/{room.Id}", """{"content":"let me in"}""").RefusedAsync(403, ErrorCodes.Banned);
        var ban = Assert.Single((await ana.GetAsync(room.Id.Path("/bans")).ReadAsync(HypersendJson.Wire.PageOfBans)).Items);
        Assert.Equal((bob.Id, ana.Id), (ban.User.Id, ban.BannedBy));
        await ana.DeleteAsync(room.Id.Path($"/bans/{bob.Id}")).AnsweredAsync(204);
        await bob.PostAsync(room.Id.Path("/join")).AnsweredAsync(200);
    }

    private static Task<HttpResponseMessage> JoinAsync(Person person, string token) => person.PostAsync("/api/v1/chats/join", $$"""{"token":"{{token}}"}""");
}
