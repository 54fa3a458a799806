using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Users;

public sealed class LastSeenTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData(Audiences.Everyone, true, true)]
    [InlineData(Audiences.Contacts, false, true)]
    [InlineData(Audiences.Nobody, false, false)]
    public async Task It_is_shown_to_those_the_person_chose(string audience, bool stranger, bool contact)
    {
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");
        var friend = await app.SignUpAsync("friend");
        await ana.Users.FollowAsync(friend.Id);
        await bela.Users.FollowAsync(ana.Id);

        await ana.Users.UpdateSettingsAsync(new UserSettings { Privacy = new PrivacySettings { LastSeen = audience } });

        Assert.Equal(stranger, await SeesAsync(bela, ana));
        Assert.Equal(contact, await SeesAsync(friend, ana));
        Assert.True(await SeesAsync(ana, ana));
    }

    [Fact]
    public async Task A_direct_chat_makes_contacts_and_a_block_unmakes_them()
    {
        var (ana, bela, cora) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("cora"));
        await ana.Users.UpdateSettingsAsync(new UserSettings { Privacy = new PrivacySettings { LastSeen = Audiences.Contacts } });
        await app.GroupAsync(ana, bela, cora);
        Assert.False(await SeesAsync(bela, ana));

        var chat = await ana.DirectAsync(bela);
        Assert.True(await SeesAsync(bela, ana));
        Assert.NotNull((await bela.Chats.GetAsync(chat)).Peer!.LastSeen);
        Assert.False(await SeesAsync(cora, ana));
        Assert.Equal([bela.Id], (await ana.Users.ListContactsAsync()).Items.Select(user => user.Id));

        await ana.Users.BlockAsync(bela.Id);
        Assert.False(await SeesAsync(bela, ana));
        Assert.Null((await bela.Chats.GetAsync(chat)).Peer!.LastSeen);
    }

    [Fact]
    public async Task Whom_they_block_sees_nothing_whatever_the_setting()
    {
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");
        Assert.True(await SeesAsync(bela, ana));

        await ana.Users.BlockAsync(bela.Id);

        Assert.False(await SeesAsync(bela, ana));
        Assert.True(await SeesAsync(ana, bela));
    }

    // In the profile and in every list: a hole in one is a hole.
    private static async Task<bool> SeesAsync(Person viewer, Person person)
    {
        var profile = await viewer.Users.GetAsync(person.Id);
        var found = (await viewer.Users.SearchAsync(person.Username)).Items.Single(user => user.Id == person.Id);
        Assert.Equal(profile.LastSeen, found.LastSeen);
        return profile.LastSeen is not null;
    }
}
