using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Accounts;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Text;

namespace Hypersend.EngineSpecs.Admin;

/// <summary>IAdminStore: all accounts, the last admin, the server's own facts, invitations. Each test has a server of its own.</summary>
public abstract class AdminStoreSpec(Engine engine) : PeopleSpec(engine)
{
    private static readonly AccountChange StepDown = new() { Role = "user" };
    private static readonly AccountChange Ban = new() { Disabled = true };

    private protected override async Task PrepareAsync() => Database = await Engine.OpenAsync();

    [Fact]
    public async Task Everybody_is_listed_page_by_page_except_who_left()
    {
        var people = new List<Person>();
        for (var i = 0; i < 7; i++)
            people.Add(await JoinAsync("ana"));
        Assert.Null(await Users.DeleteAsync(people[3].Id, Now, Cancellation));
        var expected = people.Except([people[3]]).Select(one => one.Username).Order(StringComparer.Ordinal);
        Assert.Equal(expected, await ListAsync(""));
    }

    [Fact]
    public async Task Accounts_are_found_by_the_beginning_of_a_word_or_of_the_address()
    {
        await RegisterAsync(AccountOf("ana.smith", "Änne Müller", "contact@example.org"));
        await RegisterAsync(AccountOf("bob", "Bob", "anything@example.org"));
        foreach (var hit in new[] { "ana", "ana.s", "smi", "än", "MÜLL", "contact@ex", "cont", "mül än", "ana smi" })
            Assert.Contains("ana.smith", await ListAsync(NameForm.Of(hit)));
        Assert.Equal(["ana.smith", "bob"], await ListAsync("an"));
        Assert.Empty(await ListAsync("ana bob"));
        Assert.Empty(await ListAsync("example"));
        Assert.Empty(await ListAsync("%"));
    }

    [Fact]
    public async Task Role_ban_and_quota_change_one_by_one()
    {
        await JoinAsAdminAsync("ana");
        var bob = await JoinAsync("bob");
        Assert.Null(await UpdateAsync(bob, new AccountChange { QuotaBytes = 5_000_000_000_000 }));
        Assert.Null(await UpdateAsync(bob, new AccountChange { Role = "admin" }));
        var profile = await FindAsync(bob);
        Assert.Equal(("admin", false, 5_000_000_000_000), (profile.Role, profile.Disabled, profile.QuotaBytes));
        Assert.Null(await UpdateAsync(bob, new AccountChange { QuotaBytes = -1, Role = "user" }));
        profile = await FindAsync(bob);
        Assert.Equal(("user", false, null), (profile.Role, profile.Disabled, profile.QuotaBytes));
        Assert.Null(await UpdateAsync(bob, new AccountChange { QuotaBytes = 0 }));
        Assert.Equal(0, (await FindAsync(bob)).QuotaBytes);
    }

    [Fact]
    public async Task A_ban_ends_the_sessions_and_every_change_is_heard_of()
    {
        await JoinAsAdminAsync("ana");
        var bob = await JoinAsync("bob");
        Assert.Null(await UpdateAsync(bob, Ban, Now.AddHours(1)));
        Assert.Null(await Sessions.FindAsync(bob.Session, Cancellation));
        Assert.True((await FindAsync(bob)).Disabled);
        Assert.Null(await UpdateAsync(bob, new AccountChange { Disabled = false }, Now.AddHours(2)));
        Assert.False((await FindAsync(bob)).Disabled);
        Assert.Equal(2, (await Sessions.RevokedSinceAsync(Now, Cancellation)).Count(one => one.UserId == bob.Id && one.SessionId is null));
    }

    [Fact]
    public async Task Who_is_not_there_cannot_be_changed()
    {
        var gone = await JoinAsync("gone");
        Assert.Null(await Users.DeleteAsync(gone.Id, Now, Cancellation));
        Assert.Equal(ErrorCodes.NotFound, await UpdateAsync(gone, Ban));
        Assert.Equal(ErrorCodes.NotFound, await Admins.UpdateUserAsync(new UserId(Guid.CreateVersion7(Now)), Ban, Now, Cancellation));
    }

    [Fact]
    public async Task The_last_admin_stays_one()
    {
        Assert.False(await Admins.AnyAdminAsync(Cancellation));
        var ana = await JoinAsAdminAsync("ana");
        var banned = await JoinAsAdminAsync("banned");
        await JoinAsync("bob");
        Assert.Null(await UpdateAsync(banned, Ban));
        Assert.Equal(ErrorCodes.LastAdmin, await UpdateAsync(ana, StepDown));
        Assert.Equal(ErrorCodes.LastAdmin, await UpdateAsync(ana, Ban));
        Assert.Equal(ErrorCodes.LastAdmin, await Users.DeleteAsync(ana.Id, Now, Cancellation));
        Assert.Null(await UpdateAsync(ana, new AccountChange { QuotaBytes = 1 }));
        Assert.True(await Admins.AnyAdminAsync(Cancellation));
    }

    [Fact]
    public async Task The_only_person_may_leave_even_as_admin()
    {
        var ana = await JoinAsAdminAsync("ana");
        Assert.Null(await Users.DeleteAsync(ana.Id, Now, Cancellation));
        Assert.False(await Admins.AnyAdminAsync(Cancellation));
    }

    [Theory]
    [InlineData("step down")]
    [InlineData("ban")]
    [InlineData("delete")]
    [InlineData("mixed")]
    public async Task Two_admins_that_go_at_once_leave_one(string how)
    {
        await JoinAsync("bystander");
        for (var round = 0; round < 10; round++)
        {
            var staying = await JoinAsAdminAsync("staying");
            var admins = new[] { staying, await JoinAsAdminAsync("other") };
            foreach (var former in await Users.SearchAsync(["former"], staying.Id, "", 10, Cancellation))
                Assert.Null(await Admins.UpdateUserAsync(former.Id, StepDown, Now, Cancellation));

            var gone = await Race.RunAsync(2, i => (how, i) switch
            {
                ("step down", _) or ("mixed", 0) => UpdateAsync(admins[i], StepDown),
                ("ban", _) => UpdateAsync(admins[i], Ban),
                _ => Users.DeleteAsync(admins[i].Id, Now, Cancellation),
            });
            Assert.Equal([null, ErrorCodes.LastAdmin], gone.Order());
            var left = admins[Array.IndexOf(gone, ErrorCodes.LastAdmin)];
            Assert.Null(await Users.UpdateAsync(left.Id, new ProfileChange { Name = "former" }, Cancellation));
        }
    }

    [Fact]
    public async Task People_and_sessions_are_counted()
    {
        var ana = await JoinAsync("ana");
        await SignInAsync(ana);
        await JoinAsync("bob");
        Assert.Equal((2, 3), await Admins.CountAsync(Cancellation));
        Assert.Null(await Users.DeleteAsync(ana.Id, Now, Cancellation));
        Assert.Equal((1, 1), await Admins.CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_fact_is_the_last_one_written()
    {
        Assert.Null(await Admins.ReadFactAsync("colour", Cancellation));
        Assert.Equal("red", await Admins.ChangeFactAsync("colour", before => before ?? "red", Cancellation));
        Assert.Equal("blau 漢", await Admins.ChangeFactAsync("colour", before => before == "red" ? "blau 漢" : "lost", Cancellation));
        Assert.Equal("blau 漢", await Admins.ReadFactAsync("colour", Cancellation));
        Assert.Equal("blau 漢", await Admins.ReadOrWriteFactAsync("colour", "green", Cancellation));
    }

    [Fact]
    public async Task Changes_of_one_fact_at_once_lose_nothing()
    {
        await Race.RunAsync(20, _ => Admins.ChangeFactAsync("count", before => (before ?? "") + "x", Cancellation));
        Assert.Equal(new string('x', 20), await Admins.ReadFactAsync("count", Cancellation));
    }

    [Fact]
    public async Task Of_many_first_facts_at_once_all_get_the_same_one()
    {
        var facts = await Race.RunAsync(20, i => Admins.ReadOrWriteFactAsync("epoch", $"epoch {i}", Cancellation));
        var winner = Assert.Single(facts.Distinct());
        Assert.Equal(winner, await Admins.ReadFactAsync("epoch", Cancellation));
    }

    [Fact]
    public async Task Invitations_are_listed_while_they_are_good_and_can_be_taken_back()
    {
        var ana = await JoinAsync("ana");
        var good = new InviteRow { Id = new InviteId(Guid.CreateVersion7(Now)), MaxUses = 2, CreatedAt = Now, ExpiresAt = Now.AddDays(1) };
        var late = good with { Id = new InviteId(Guid.CreateVersion7(Now)), ExpiresAt = Now };
        var hash = Secret();
        await Admins.AddInviteAsync(good, hash, ana.Id, Cancellation);
        await Admins.AddInviteAsync(late, Secret(), ana.Id, Cancellation);
        Assert.Equal([good], await Admins.ListInvitesAsync(Now, Cancellation));

        var gate = OpenGate with { Mode = "invite", InviteHash = hash };
        Assert.Null((await RegisterAsync(AccountOf(Fresh("guest")), gate)).Refusal);
        Assert.Equal([good with { Uses = 1 }], await Admins.ListInvitesAsync(Now, Cancellation));
        Assert.Single(await Race.RunAsync(5, _ => Admins.DeleteInviteAsync(good.Id, Cancellation)), deleted => deleted);
        Assert.Empty(await Admins.ListInvitesAsync(Now, Cancellation));
        Assert.Equal(ErrorCodes.InvalidInvite, (await RegisterAsync(AccountOf(Fresh("guest")), gate)).Refusal);
    }

    private async Task<Profile> FindAsync(Person person) => (await Users.FindAsync(person.Id, person.Id, Cancellation))!;

    private Task<string?> UpdateAsync(Person person, AccountChange change, DateTimeOffset? at = null) =>
        Admins.UpdateUserAsync(person.Id, change, at ?? Now, Cancellation);

    /// <summary>All pages, two at a time.</summary>
    private async Task<IReadOnlyList<string>> ListAsync(string search)
    {
        var names = new List<string>();
        while (await Admins.ListUsersAsync(search, names.LastOrDefault() ?? "", 2, Cancellation) is { Count: > 0 } page)
            names.AddRange(page.Select(one => one.UsernameKey));
        return names;
    }
}

public sealed class AdminStoreOnSqlite(SqliteEngine engine) : AdminStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class AdminStoreOnPostgres(PostgresEngine engine) : AdminStoreSpec(engine), IClassFixture<PostgresEngine>;
