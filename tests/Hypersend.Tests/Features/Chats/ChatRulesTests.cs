using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Tests.Features.Chats;

public sealed class ChatRulesTests
{
    private static readonly string[] Roles = [ChatRoles.Owner, ChatRoles.Admin, ChatRoles.Member, ChatRoles.Subscriber];
    private static readonly string[] Types = [ChatTypes.Direct, ChatTypes.Group, ChatTypes.Channel, ChatTypes.Room, ChatTypes.Saved];

    [Fact]
    public void Who_is_not_in_a_chat_finds_it_is_not_there_whatever_they_want()
    {
        foreach (var type in Types)
        {
            var nobody = new Standing(type, null, (MemberRights)31);
            Failure?[] refusals =
            [
                ChatRules.RefuseEdit(nobody, ownersPart: false),
                ChatRules.RefuseDelete(nobody),
                ChatRules.RefuseLeave(nobody, othersStay: true, otherOwners: true),
                ChatRules.RefuseInvite(nobody),
                ChatRules.RefuseRemoval(nobody, ChatRoles.Member),
                ChatRules.RefuseStaffWork(nobody),
                ChatRules.RefuseRole(nobody, isSelf: false, ChatRoles.Member, ChatRoles.Admin, otherOwners: true),
                ChatRules.RefuseMemberList(nobody),
            ];
            Assert.All(refusals, refusal => Assert.Equal(ErrorCodes.NotFound, refusal?.Code));
        }
    }

    [Fact]
    public void In_chats_with_fixed_members_nobody_is_invited_removed_or_given_a_role()
    {
        foreach (var type in new[] { ChatTypes.Direct, ChatTypes.Saved })
        {
            foreach (var role in Roles)
            {
                var standing = new Standing(type, role, (MemberRights)31);
                Assert.Equal(ErrorCodes.FixedMembers, ChatRules.RefuseInvite(standing)?.Code);
                Assert.Equal(ErrorCodes.FixedMembers, ChatRules.RefuseRemoval(standing, ChatRoles.Member)?.Code);
                Assert.Equal(ErrorCodes.FixedMembers, ChatRules.RefuseRole(standing, isSelf: true, role, ChatRoles.Member, otherOwners: true)?.Code);
            }
        }
    }

    [Theory]
    [InlineData(ChatRoles.Owner, ChatRoles.Owner, null)]
    [InlineData(ChatRoles.Owner, ChatRoles.Admin, null)]
    [InlineData(ChatRoles.Owner, ChatRoles.Member, null)]
    [InlineData(ChatRoles.Admin, ChatRoles.Owner, ErrorCodes.Forbidden)]
    [InlineData(ChatRoles.Admin, ChatRoles.Admin, ErrorCodes.Forbidden)]
    [InlineData(ChatRoles.Admin, ChatRoles.Member, null)]
    [InlineData(ChatRoles.Admin, ChatRoles.Subscriber, null)]
    [InlineData(ChatRoles.Admin, null, null)]
    [InlineData(ChatRoles.Member, ChatRoles.Member, ErrorCodes.Forbidden)]
    [InlineData(ChatRoles.Subscriber, ChatRoles.Subscriber, ErrorCodes.Forbidden)]
    public void Nobody_removes_those_who_stand_as_high_but_owners(string role, string? target, string? code) =>
        Assert.Equal(code, ChatRules.RefuseRemoval(In(ChatTypes.Group, role), target)?.Code);

    [Theory]
    [InlineData(ChatRoles.Owner, false, ChatRoles.Member, ChatRoles.Owner, false, null)]
    [InlineData(ChatRoles.Owner, false, ChatRoles.Owner, ChatRoles.Member, true, null)]
    [InlineData(ChatRoles.Owner, true, ChatRoles.Owner, ChatRoles.Member, true, null)]
    [InlineData(ChatRoles.Owner, true, ChatRoles.Owner, ChatRoles.Admin, false, ErrorCodes.LastOwner)]
    [InlineData(ChatRoles.Owner, true, ChatRoles.Owner, ChatRoles.Owner, false, null)]
    [InlineData(ChatRoles.Owner, false, null, ChatRoles.Admin, false, ErrorCodes.NotFound)]
    [InlineData(ChatRoles.Admin, false, ChatRoles.Member, ChatRoles.Admin, true, ErrorCodes.Forbidden)]
    [InlineData(ChatRoles.Admin, true, ChatRoles.Admin, ChatRoles.Owner, true, ErrorCodes.Forbidden)]
    [InlineData(ChatRoles.Admin, true, ChatRoles.Admin, ChatRoles.Member, true, null)]
    [InlineData(ChatRoles.Member, true, ChatRoles.Member, ChatRoles.Admin, true, ErrorCodes.Forbidden)]
    public void Owners_give_roles_and_everybody_may_give_up_their_own(
        string role, bool isSelf, string? target, string wanted, bool otherOwners, string? code) =>
        Assert.Equal(code, ChatRules.RefuseRole(In(ChatTypes.Group, role), isSelf, target, wanted, otherOwners)?.Code);

    [Fact]
    public void The_last_owner_leaves_only_when_nobody_is_left_behind()
    {
        var owner = In(ChatTypes.Group, ChatRoles.Owner);
        Assert.Equal(ErrorCodes.LastOwner, ChatRules.RefuseLeave(owner, othersStay: true, otherOwners: false)?.Code);
        Assert.Null(ChatRules.RefuseLeave(owner, othersStay: true, otherOwners: true));
        Assert.Null(ChatRules.RefuseLeave(owner, othersStay: false, otherOwners: false));
        Assert.Null(ChatRules.RefuseLeave(In(ChatTypes.Group, ChatRoles.Admin), othersStay: true, otherOwners: false));
        Assert.Null(ChatRules.RefuseLeave(In(ChatTypes.Direct, ChatRoles.Member), othersStay: true, otherOwners: false));
        Assert.Equal(ErrorCodes.FixedMembers, ChatRules.RefuseLeave(In(ChatTypes.Saved, ChatRoles.Owner), othersStay: false, otherOwners: false)?.Code);
    }

    [Fact]
    public void Visibility_and_permissions_are_the_owner_s_and_words_what_the_permissions_say()
    {
        Assert.Null(ChatRules.RefuseEdit(In(ChatTypes.Group, ChatRoles.Owner), ownersPart: true));
        Assert.Null(ChatRules.RefuseEdit(In(ChatTypes.Group, ChatRoles.Admin), ownersPart: false));
        Assert.Equal(ErrorCodes.Forbidden, ChatRules.RefuseEdit(In(ChatTypes.Group, ChatRoles.Admin), ownersPart: true)?.Code);
        Assert.Equal(ErrorCodes.Forbidden, ChatRules.RefuseEdit(In(ChatTypes.Channel, ChatRoles.Admin), ownersPart: true)?.Code);
        Assert.Equal(ErrorCodes.Forbidden, ChatRules.RefuseEdit(In(ChatTypes.Group, ChatRoles.Member), ownersPart: false)?.Code);
        Assert.Null(ChatRules.RefuseEdit(In(ChatTypes.Group, ChatRoles.Member, MemberRights.EditInfo), ownersPart: false));
        Assert.Equal(ErrorCodes.Forbidden, ChatRules.RefuseEdit(In(ChatTypes.Channel, ChatRoles.Subscriber, MemberRights.EditInfo), ownersPart: false)?.Code);
        Assert.Equal(ErrorCodes.Forbidden, ChatRules.RefuseInvite(In(ChatTypes.Channel, ChatRoles.Subscriber, MemberRights.Invite))?.Code);
        Assert.Equal(ErrorCodes.Forbidden, ChatRules.RefuseEdit(In(ChatTypes.Direct, ChatRoles.Member, MemberRights.EditInfo), ownersPart: false)?.Code);
    }

    [Fact]
    public void The_members_of_a_channel_are_for_those_who_run_it()
    {
        Assert.Equal(ErrorCodes.Forbidden, ChatRules.RefuseMemberList(In(ChatTypes.Channel, ChatRoles.Subscriber))?.Code);
        Assert.Null(ChatRules.RefuseMemberList(In(ChatTypes.Channel, ChatRoles.Admin)));
        Assert.Null(ChatRules.RefuseMemberList(In(ChatTypes.Room, ChatRoles.Member)));
        Assert.Null(ChatRules.RefuseMemberList(In(ChatTypes.Direct, ChatRoles.Member)));
        Assert.False(ChatRules.TellsMarks(ChatTypes.Channel, 2));
        Assert.True(ChatRules.TellsMarks(ChatTypes.Group, ChatLimits.SmallChat));
        Assert.False(ChatRules.TellsMarks(ChatTypes.Group, ChatLimits.SmallChat + 1));
    }

    [Fact]
    public void Absent_permissions_stay_and_subscribers_never_send()
    {
        var change = new ChatPermissions { Send = false, Pin = true };
        Assert.Equal(MemberRights.Pin | MemberRights.History, ChatRules.Change(ChatTypes.Group, ChatRules.DefaultRights(ChatTypes.Group), change));
        Assert.Equal(MemberRights.History, ChatRules.Change(ChatTypes.Channel, MemberRights.History, new ChatPermissions { Send = true }));
        foreach (var type in Types)
            Assert.Equal(ChatRules.DefaultRights(type), ChatRules.Change(type, ChatRules.DefaultRights(type), change: null));
    }

    [Fact]
    public void Rights_are_shown_as_they_are_kept()
    {
        for (var bits = 0; bits < 32; bits++)
        {
            var shown = ChatRules.Show((MemberRights)bits);
            Assert.Equal((MemberRights)bits, ChatRules.Change(ChatTypes.Group, (MemberRights)(31 - bits), shown));
        }
    }

    [Fact]
    public void Rooms_are_always_public_and_of_the_others_only_channels_can_be()
    {
        Assert.True(ChatRules.IsPublic(ChatTypes.Room, wanted: false));
        Assert.True(ChatRules.IsPublic(ChatTypes.Channel, wanted: true));
        Assert.False(ChatRules.IsPublic(ChatTypes.Channel, wanted: false));
        Assert.False(ChatRules.IsPublic(ChatTypes.Group, wanted: true));
    }

    private static Standing In(string type, string role, MemberRights may = MemberRights.Send) => new(type, role, may);
}
