using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.EngineSpecs.Files;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Imports;
using Hypersend.Server.Platform.Text;

namespace Hypersend.EngineSpecs.Imports;

/// <summary>IImportStore: people who come from another server. That everything done twice is done once is asked of each call.</summary>
public abstract partial class ImportStoreSpec(Engine engine) : FileSpec(engine)
{
    private const int LongestUsername = 32;

    private protected IImportStore Store => new SqlImportStore(Database);

    [Fact]
    public async Task Who_comes_gets_an_account_without_a_password_and_is_found_by_their_names()
    {
        var (ana, ben) = (Coming("ana") with { Name = "Ána Smith", Bio = "moves house", CreatedAt = Now.AddYears(-1) }, Coming("ben"));
        ana = ana with { Email = ana.Username + "@example.org" };
        Assert.Empty(await Store.KnownAsync([ana.Id, ben.Id], Cancellation));
        await Store.AddPeopleAsync([ana, ben], Now, Cancellation);
        await Store.AddPeopleAsync([ben, ana with { Username = Fresh("other"), Name = "Another" }], Now.AddDays(1), Cancellation);

        Assert.Equal(new[] { ana.Id, ben.Id }.ToHashSet(), (await Store.KnownAsync([ana.Id, ben.Id, Coming("eve").Id], Cancellation)).ToHashSet());
        var profile = (await Users.FindAsync(ana.Id, ben.Id, Cancellation))!;
        Assert.Equal(
            (ana.Username, ana.Email, "Ána Smith", "moves house", "user", false, Now.AddYears(-1)),
            (profile.Username, profile.Email, profile.Name, profile.Bio, profile.Role, profile.Disabled, profile.CreatedAt));
        Assert.Contains(await Users.SearchAsync(NameForm.Words(ana.Username, "smith"), ben.Id, "", 10, Cancellation), found => found.Id == ana.Id);
        Assert.Equal((ana.Id, null), await SignInOfAsync(NameForm.Of(ana.Email)));

        // No mail could bring him a password, and nobody shall wait for an answer of his.
        profile = (await Users.FindAsync(ben.Id, ana.Id, Cancellation))!;
        Assert.Equal((null, true, Now), (profile.Email, profile.Disabled, profile.CreatedAt));
        Assert.Null((await Accounts.FindAsync(ben.Id, Cancellation))!.PasswordHash);

        // Both have a chat with themselves, as everybody has.
        foreach (var person in new[] { ana, ben })
            Assert.Equal(0, (await Store.FindChatAsync(new ChatId(person.Id.Value), Cancellation))!.Seq);
    }

    [Fact]
    public async Task A_name_that_is_taken_gets_a_number_and_stays_as_short_as_names_are()
    {
        var here = await JoinAsync("ana");
        var (second, third) = (Coming("ana") with { Username = here.Username.ToUpperInvariant() }, Coming("ana") with { Username = here.Username });
        await Store.AddPeopleAsync([second, third], Now, Cancellation);
        Assert.Equal(here.Username.ToUpperInvariant() + "-2", await UsernameAsync(second.Id));
        Assert.Equal(here.Username + "-3", await UsernameAsync(third.Id));
        Assert.Equal(here.Username, await UsernameAsync(here.Id));

        var longest = Fresh("a").PadRight(LongestUsername, 'a');
        var people = Enumerable.Range(0, 3).Select(_ => Coming("long") with { Username = longest }).ToList();
        await Store.AddPeopleAsync(people, Now, Cancellation);
        var names = await Task.WhenAll(people.Select(person => UsernameAsync(person.Id)));
        Assert.Equal(3, names.Distinct().Count());
        Assert.All(names, name => Assert.InRange(name.Length, 1, LongestUsername));
    }

    [Fact]
    public async Task An_account_that_stood_for_somebody_becomes_theirs_once()
    {
        var ana = Coming("ana");
        await Store.AddPeopleAsync([ana], Now, Cancellation);
        Assert.False(await Store.ClaimAsync(ana, Cancellation));
        var mine = ana with { Username = Fresh("ignored"), Name = "Ána Smith", Bio = "it is me", Email = ana.Username + "@Example.org" };

        Assert.Single(await Race.RunAsync(8, _ => Store.ClaimAsync(mine, Cancellation)), claimed => claimed);
        Assert.False(await Store.ClaimAsync(mine with { Email = "somebody.else@example.org" }, Cancellation));
        var profile = (await Users.FindAsync(ana.Id, ana.Id, Cancellation))!;
        Assert.Equal((ana.Username, mine.Email, "Ána Smith", "it is me", false), (profile.Username, profile.Email, profile.Name, profile.Bio, profile.Disabled));
        Assert.Equal((ana.Id, null), await SignInOfAsync(NameForm.Of(mine.Email)));
        Assert.Contains(await Users.SearchAsync(NameForm.Words(ana.Username, "smith"), ana.Id, "", 10, Cancellation), found => found.Id == ana.Id);
    }

    [Fact]
    public async Task An_account_that_is_somebodys_is_nobody_elses_to_claim()
    {
        var here = await JoinAsync("ana");
        var banned = await JoinAsync("ben");
        Assert.Null(await Admins.UpdateUserAsync(banned.Id, new() { Disabled = true }, Now, Cancellation));
        var (gone, unknown) = (Coming("gone"), Coming("unknown") with { Email = "unknown@example.org" });
        await Store.AddPeopleAsync([gone], Now, Cancellation);
        await ExecuteAsync("UPDATE users SET deleted_at = @Now WHERE id = @Id", new { Now, gone.Id });
        foreach (var id in new[] { here.Id, banned.Id, gone.Id, unknown.Id })
            Assert.False(await Store.ClaimAsync(unknown with { Id = id }, Cancellation));
        Assert.Equal((here.Email, "hash of " + here.Username), await ProofsAsync(here.Id));
        Assert.Equal((banned.Email, "hash of " + banned.Username), await ProofsAsync(banned.Id));
        Assert.Null(await Accounts.FindByLoginAsync("unknown@example.org", Cancellation));
    }

    private static ImportedPerson Coming(string name) => new() { Id = new UserId(Guid.CreateVersion7(Now)), Username = Fresh(name), Name = name };

    private async Task<string> UsernameAsync(UserId id) => (await Users.FindAsync(id, id, Cancellation))!.Username;

    private async Task<(UserId Id, string? PasswordHash)> SignInOfAsync(string loginKey)
    {
        var credentials = (await Accounts.FindByLoginAsync(loginKey, Cancellation))!;
        return (credentials.Id, credentials.PasswordHash);
    }

    private async Task<(string? Email, string? PasswordHash)> ProofsAsync(UserId id)
    {
        var credentials = (await Accounts.FindAsync(id, Cancellation))!;
        return (credentials.Email, credentials.PasswordHash);
    }
}

public sealed class ImportStoreOnSqlite(SqliteEngine engine) : ImportStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class ImportStoreOnPostgres(PostgresEngine engine) : ImportStoreSpec(engine), IClassFixture<PostgresEngine>;
