using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Accounts;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Text;

namespace Hypersend.EngineSpecs.Users;

/// <summary>IUserStore: profiles, pictures, settings and the end of an account.</summary>
public abstract partial class UserStoreSpec(Engine engine) : PeopleSpec(engine)
{
    [Fact]
    public async Task A_profile_is_what_was_registered()
    {
        var ana = await JoinAsync("ana");
        var profile = await FindAsync(ana);
        Assert.Equal(
            new Profile
            {
                Id = ana.Id,
                Username = ana.Username,
                UsernameKey = ana.Username,
                Email = ana.Email,
                Name = "ana",
                LastSeen = Now,
                CreatedAt = Now,
            },
            profile);
        Assert.Null(await Users.FindAsync(new UserId(Guid.CreateVersion7(Now)), ana.Id, Cancellation));
    }

    [Fact]
    public async Task What_is_not_changed_stays_as_it_is()
    {
        var ana = await JoinAsync("ana");
        Assert.Null(await UpdateAsync(ana, new ProfileChange { Bio = "Grüße 🎈" }));
        Assert.Null(await UpdateAsync(ana, new ProfileChange { Name = "Ana Âlvarez" }));
        var email = Fresh("new") + "@example.org";
        Assert.Null(await UpdateAsync(ana, new ProfileChange { Email = email, EmailKey = email }));
        var profile = await FindAsync(ana);
        Assert.Equal(("Ana Âlvarez", "Grüße 🎈", email, ana.Username), (profile.Name, profile.Bio, profile.Email, profile.Username));
    }

    [Fact]
    public async Task A_new_name_is_found_by_its_words_and_the_old_one_no_more()
    {
        var old = Fresh("old");
        var ana = await JoinAsync(old);
        var name = Fresh("brandnew");
        Assert.Null(await UpdateAsync(ana, new ProfileChange { Name = name }));
        Assert.Equal(ana.Id, Assert.Single(await SearchAsync(name, ana)).Id);
        Assert.Equal(ana.Id, Assert.Single(await SearchAsync(ana.Username, ana)).Id);

        var username = Fresh("renamed");
        Assert.Null(await UpdateAsync(ana, new ProfileChange { Username = username, UsernameKey = username }));
        Assert.Equal(ana.Id, Assert.Single(await SearchAsync(username, ana)).Id);
        Assert.Equal(ana.Id, Assert.Single(await SearchAsync(name, ana)).Id);
        Assert.Empty(await SearchAsync(ana.Username, ana));
    }

    [Fact]
    public async Task Names_of_others_are_taken_one_s_own_are_not()
    {
        var ana = await JoinAsync("ana");
        var bob = await JoinAsync("bob");
        Assert.Equal(ErrorCodes.UsernameTaken, await UpdateAsync(bob, new ProfileChange { Username = ana.Username, UsernameKey = ana.Username }));
        Assert.Equal(ErrorCodes.EmailTaken, await UpdateAsync(bob, new ProfileChange { Email = ana.Email, EmailKey = ana.Email }));
        Assert.Null(await UpdateAsync(ana, new ProfileChange { Username = ana.Username, UsernameKey = ana.Username, Email = ana.Email, EmailKey = ana.Email }));
        Assert.Equal(ErrorCodes.NotFound, await Users.UpdateAsync(new UserId(Guid.CreateVersion7(Now)), new ProfileChange { Name = "x" }, Cancellation));
    }

    [Fact]
    public async Task Of_two_that_take_one_name_at_once_one_gets_it()
    {
        for (var round = 0; round < 10; round++)
        {
            Person[] people = [await JoinAsync("ana"), await JoinAsync("bob")];
            var name = Fresh("wanted");
            var done = await Race.RunAsync(2, i => UpdateAsync(people[i], new ProfileChange { Username = name, UsernameKey = name }));
            Assert.Equal([null, ErrorCodes.UsernameTaken], done.Order());
        }
    }

    [Fact]
    public async Task A_picture_comes_and_goes()
    {
        var ana = await JoinAsync("ana");
        Assert.Null(await Users.FindAvatarAsync(ana.Id, Cancellation));
        var avatar = new Avatar { Hash = new string('a', 64), Mime = "image/png" };
        Assert.True(await Users.SetAvatarAsync(ana.Id, avatar, Cancellation));
        Assert.Equal(avatar, await Users.FindAvatarAsync(ana.Id, Cancellation));
        Assert.Equal(avatar.Hash, (await FindAsync(ana)).AvatarHash);
        Assert.True(await Users.SetAvatarAsync(ana.Id, null, Cancellation));
        Assert.Null(await Users.FindAvatarAsync(ana.Id, Cancellation));
        Assert.False(await Users.SetAvatarAsync(new UserId(Guid.CreateVersion7(Now)), avatar, Cancellation));
    }

    [Fact]
    public async Task Settings_changed_at_once_lose_nothing()
    {
        var ana = await JoinAsync("ana");
        Assert.Equal("{}", await Users.FindSettingsAsync(ana.Id, Cancellation));
        await Race.RunAsync(50, i => Users.ChangeSettingsAsync(ana.Id, before => new StoredSettings($"{before}[{i}]") { LastSeenAudience = "contacts" }, Cancellation));
        var after = await Users.FindSettingsAsync(ana.Id, Cancellation);
        Assert.All(Enumerable.Range(0, 50), i => Assert.Contains($"[{i}]", after, StringComparison.Ordinal));
        Assert.Equal("contacts", (await FindAsync(ana)).LastSeenAudience);
        Assert.Null(await Users.FindSettingsAsync(new UserId(Guid.CreateVersion7(Now)), Cancellation));
        Assert.Null(await Users.ChangeSettingsAsync(new UserId(Guid.CreateVersion7(Now)), before => new StoredSettings(before), Cancellation));
    }

    [Fact]
    public async Task A_deleted_account_stays_as_a_named_ghost_without_anything_of_its_own()
    {
        var ana = await JoinAsync("ana");
        var bob = await JoinAsync("bob");
        await Users.FollowAsync(ana.Id, bob.Id, Now, Cancellation);
        await Users.FollowAsync(bob.Id, ana.Id, Now, Cancellation);
        await Users.SetAvatarAsync(ana.Id, new Avatar { Hash = new string('a', 64), Mime = "image/png" }, Cancellation);
        await UpdateAsync(ana, new ProfileChange { Bio = "about me" });

        Assert.Null(await Users.DeleteAsync(ana.Id, Now.AddHours(1), Cancellation));
        var ghost = (await Users.FindAsync(ana.Id, bob.Id, Cancellation))!;
        Assert.Equal(
            new Profile { Id = ana.Id, Username = ana.Username, UsernameKey = ana.Username, Name = "ana", CreatedAt = Now, DeletedAt = Now.AddHours(1) },
            ghost);
        Assert.Empty(await SearchAsync(ana.Username, bob));
        Assert.Empty(await Users.ListAsync(Circle.Followers, bob.Id, "", 10, Cancellation));
        Assert.Null(await Users.FindAvatarAsync(ana.Id, Cancellation));
        Assert.Null(await Users.FindSettingsAsync(ana.Id, Cancellation));
        Assert.Null(await Sessions.FindAsync(ana.Session, Cancellation));
        Assert.Contains(await Sessions.RevokedSinceAsync(Now, Cancellation), one => one.UserId == ana.Id);

        Assert.Equal(ErrorCodes.NotFound, await Users.DeleteAsync(ana.Id, Now, Cancellation));
        Assert.Equal(ErrorCodes.NotFound, await UpdateAsync(ana, new ProfileChange { Name = "back again" }));
        Assert.False(await Users.SetAvatarAsync(ana.Id, null, Cancellation));
    }

    [Fact]
    public async Task The_name_of_who_left_stays_taken_the_address_does_not()
    {
        var ana = await JoinAsync("ana");
        Assert.Null(await Users.DeleteAsync(ana.Id, Now, Cancellation));
        Assert.Equal(ErrorCodes.UsernameTaken, (await RegisterAsync(AccountOf(ana.Username, email: Fresh("other") + "@example.org"))).Refusal);
        Assert.Null((await RegisterAsync(AccountOf(Fresh("other"), email: ana.Email))).Refusal);
    }

    [Fact]
    public async Task Of_ten_that_delete_one_account_at_once_one_does()
    {
        var ana = await JoinAsync("ana");
        var done = await Race.RunAsync(10, _ => Users.DeleteAsync(ana.Id, Now, Cancellation));
        Assert.Single(done, one => one is null);
        Assert.Equal(9, done.Count(one => one == ErrorCodes.NotFound));
    }

    private async Task<Profile> FindAsync(Person person) => (await Users.FindAsync(person.Id, person.Id, Cancellation))!;

    private Task<string?> UpdateAsync(Person person, ProfileChange change) => Users.UpdateAsync(person.Id, change, Cancellation);

    private Task<IReadOnlyList<Profile>> SearchAsync(string text, Person viewer, string after = "", int limit = 50) =>
        Users.SearchAsync(NameForm.Words(text), viewer.Id, after, limit, Cancellation);
}

public sealed class UserStoreOnSqlite(SqliteEngine engine) : UserStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class UserStoreOnPostgres(PostgresEngine engine) : UserStoreSpec(engine), IClassFixture<PostgresEngine>;
