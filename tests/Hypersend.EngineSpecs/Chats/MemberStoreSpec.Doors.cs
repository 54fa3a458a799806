using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Chats;

namespace Hypersend.EngineSpecs.Chats;

/// <summary>Invitations and bans.</summary>
public abstract partial class MemberStoreSpec
{
    [Fact]
    public async Task A_link_lets_in_as_many_as_it_says_however_they_hurry()
    {
        var ana = await JoinAsync("ana");
        var id = await CreateAsync(ana);
        var invite = await InviteAsync(ana, id, maxUses: 3);
        var people = new List<Person>();
        for (var i = 0; i < 8; i++)
            people.Add(await JoinAsync("guest"));
        var came = await Race.RunAsync(8, i => Members.JoinByInviteAsync(people[i].Id, invite, Now, Cancellation));
        Assert.Equal(3, came.Count(one => one.Failure is null));
        Assert.Equal(5, came.Count(one => one.Failure?.Code == ErrorCodes.InvalidChatInvite));
        Assert.Equal(4, (await FindAsync(ana, id))!.MemberCount);
    }

    [Fact]
    public async Task Who_is_in_already_uses_nothing_up()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = await CreateAsync(ana, members: bob);
        var invite = await InviteAsync(ana, id, maxUses: 1);
        Assert.Null(Value(await Members.JoinByInviteAsync(bob.Id, invite, Now, Cancellation)).Change);
        Assert.Equal(0, Assert.Single(Value(await Members.InvitesAsync(ana.Id, id, Now, Cancellation))).Uses);
    }

    [Fact]
    public async Task A_link_that_is_over_unknown_or_withdrawn_lets_nobody_in()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = await CreateAsync(ana);
        var brief = await InviteAsync(ana, id, expiresAt: Now.AddMinutes(1));
        Assert.Equal(ErrorCodes.InvalidChatInvite, (await Members.JoinByInviteAsync(bob.Id, brief, Now.AddMinutes(1), Cancellation)).Failure!.Code);
        Assert.Equal(ErrorCodes.InvalidChatInvite, (await Members.InvitedAsync(bob.Id, brief, Now.AddMinutes(1), Cancellation)).Failure!.Code);
        Assert.Equal(1, Value(await Members.InvitedAsync(bob.Id, brief, Now, Cancellation)).MemberCount);
        Assert.Null((await Members.InvitedAsync(ana.Id, brief, Now.AddMinutes(1), Cancellation)).Failure);
        Assert.Equal(ErrorCodes.InvalidChatInvite, (await Members.JoinByInviteAsync(bob.Id, "unknown", Now, Cancellation)).Failure!.Code);
        var open = await InviteAsync(ana, id);
        Assert.Null((await Members.WithdrawInviteAsync(ana.Id, id, open, Cancellation)).Failure);
        Assert.Equal(ErrorCodes.NotFound, (await Members.WithdrawInviteAsync(ana.Id, id, open, Cancellation)).Failure!.Code);
        Assert.Equal(ErrorCodes.InvalidChatInvite, (await Members.JoinByInviteAsync(bob.Id, open, Now, Cancellation)).Failure!.Code);
        Assert.Null((await Members.JoinByInviteAsync(bob.Id, brief, Now, Cancellation)).Failure);
    }

    [Fact]
    public async Task Members_who_may_invite_see_their_own_links_alone()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = await CreateAsync(ana, members: bob);
        Assert.Equal(ErrorCodes.Forbidden, (await Members.InvitesAsync(bob.Id, id, Now, Cancellation)).Failure!.Code);
        await Chats.EditAsync(ana.Id, id, new ChatEdit { Permissions = new ChatPermissions { Invite = true } }, Now, Cancellation);
        var hers = await InviteAsync(ana, id);
        var his = await InviteAsync(bob, id);
        Assert.Equal(his, Assert.Single(Value(await Members.InvitesAsync(bob.Id, id, Now, Cancellation))).Token);
        Assert.Equal(2, Value(await Members.InvitesAsync(ana.Id, id, Now, Cancellation)).Count);
        Assert.Equal(ErrorCodes.NotFound, (await Members.WithdrawInviteAsync(bob.Id, id, hers, Cancellation)).Failure!.Code);
        Assert.Null((await Members.WithdrawInviteAsync(ana.Id, id, his, Cancellation)).Failure);
    }

    [Fact]
    public async Task Who_is_banned_is_out_and_no_way_leads_back()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = await CreateAsync(ana, ChatTypes.Room, null, bob);
        var invite = await InviteAsync(ana, id);
        var change = Value(await Members.BanAsync(ana.Id, id, bob.Id, Now, Cancellation)).Change!;
        Assert.Equal([bob.Id], change.Left);
        Assert.Null(Value(await Members.BanAsync(ana.Id, id, bob.Id, Now, Cancellation)).Change);
        Assert.Equal(ErrorCodes.Banned, (await Members.JoinAsync(bob.Id, id, Now, Cancellation)).Failure!.Code);
        Assert.Equal(ErrorCodes.Banned, (await Members.JoinByInviteAsync(bob.Id, invite, Now, Cancellation)).Failure!.Code);
        Assert.Equal(ErrorCodes.Banned, (await Members.AddAsync(ana.Id, id, [bob.Id], Now, Cancellation)).Failure!.Code);
        Assert.Equal(0, Assert.Single(Value(await Members.InvitesAsync(ana.Id, id, Now, Cancellation))).Uses);

        var ban = Assert.Single(Value(await Members.BansAsync(ana.Id, id, default, 10, Cancellation)));
        Assert.Equal((bob.Id, ana.Id, Now), (ban.User.Id, ban.Row.BannedBy, ban.Row.CreatedAt));
        Assert.Null((await Members.UnbanAsync(ana.Id, id, bob.Id, Cancellation)).Failure);
        Assert.Null((await Members.JoinAsync(bob.Id, id, Now, Cancellation)).Failure);
    }

    [Fact]
    public async Task An_admin_touches_neither_the_owner_nor_other_admins()
    {
        var (ana, bob, eve, zoe) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"), await JoinAsync("zoe"));
        var id = await CreateAsync(ana, ChatTypes.Group, null, bob, eve, zoe);
        await Members.ChangeRoleAsync(ana.Id, id, bob.Id, ChatRoles.Admin, Now, Cancellation);
        await Members.ChangeRoleAsync(ana.Id, id, eve.Id, ChatRoles.Admin, Now, Cancellation);
        foreach (var target in new[] { ana, eve })
        {
            Assert.Equal(ErrorCodes.Forbidden, (await Members.RemoveAsync(bob.Id, id, target.Id, Now, Cancellation)).Failure!.Code);
            Assert.Equal(ErrorCodes.Forbidden, (await Members.BanAsync(bob.Id, id, target.Id, Now, Cancellation)).Failure!.Code);
        }

        Assert.Equal(ErrorCodes.Forbidden, (await Members.ChangeRoleAsync(bob.Id, id, zoe.Id, ChatRoles.Admin, Now, Cancellation)).Failure!.Code);
        Value(await Members.RemoveAsync(bob.Id, id, zoe.Id, Now, Cancellation));
        Value(await Members.ChangeRoleAsync(bob.Id, id, bob.Id, ChatRoles.Member, Now, Cancellation));
        Assert.Equal(ErrorCodes.NotFound, (await Members.RemoveAsync(ana.Id, id, zoe.Id, Now, Cancellation)).Failure!.Code);
    }

    [Fact]
    public async Task A_full_chat_takes_nobody()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = await CreateAsync(ana);
        await Database.WriteAsync(
            sql => sql.ExecuteAsync(
                "UPDATE chat_heads SET member_count = @most WHERE chat_no = (SELECT no FROM chats WHERE id = @id)", new { most = ChatLimits.GroupMembers, id }),
            Cancellation);
        var invite = await InviteAsync(ana, id, maxUses: 1);
        Assert.Equal(ErrorCodes.ChatFull, (await Members.AddAsync(ana.Id, id, [bob.Id], Now, Cancellation)).Failure!.Code);
        Assert.Equal(ErrorCodes.ChatFull, (await Members.JoinByInviteAsync(bob.Id, invite, Now, Cancellation)).Failure!.Code);
        Assert.Equal(0, Assert.Single(Value(await Members.InvitesAsync(ana.Id, id, Now, Cancellation))).Uses);
    }

    [Fact]
    public async Task The_members_of_a_direct_and_of_a_saved_chat_do_not_change()
    {
        var (ana, bob, eve) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"));
        foreach (var id in new[] { (await OpenAsync(ana, bob)).Chat.Row.Id, new ChatId(ana.Id.Value) })
        {
            Assert.Equal(ErrorCodes.FixedMembers, (await Members.AddAsync(ana.Id, id, [eve.Id], Now, Cancellation)).Failure!.Code);
            Assert.Equal(ErrorCodes.FixedMembers, (await Members.ChangeRoleAsync(ana.Id, id, bob.Id, ChatRoles.Admin, Now, Cancellation)).Failure!.Code);
            Assert.Equal(ErrorCodes.FixedMembers, (await Members.RemoveAsync(ana.Id, id, bob.Id, Now, Cancellation)).Failure!.Code);
            Assert.Equal(ErrorCodes.FixedMembers, (await Members.BanAsync(ana.Id, id, bob.Id, Now, Cancellation)).Failure!.Code);
            Assert.Equal(ErrorCodes.FixedMembers, (await Members.InvitesAsync(ana.Id, id, Now, Cancellation)).Failure!.Code);
            Assert.Equal(ErrorCodes.NotFound, (await Members.AddAsync(eve.Id, id, [eve.Id], Now, Cancellation)).Failure!.Code);
        }

        Assert.Equal(ErrorCodes.FixedMembers, (await Members.LeaveAsync(ana.Id, new ChatId(ana.Id.Value), Now, Cancellation)).Failure!.Code);
    }

    private async Task<string> InviteAsync(Person actor, ChatId id, int? maxUses = null, DateTimeOffset? expiresAt = null)
    {
        var invite = new InviteRow { Token = Fresh("token"), CreatedBy = actor.Id, CreatedAt = Now, MaxUses = maxUses, ExpiresAt = expiresAt };
        Assert.Null((await Members.AddInviteAsync(actor.Id, id, invite, Now, Cancellation)).Failure);
        return invite.Token;
    }
}
