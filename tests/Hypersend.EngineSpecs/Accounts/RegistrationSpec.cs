using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Users;

namespace Hypersend.EngineSpecs.Accounts;

/// <summary>IAccountStore's door: who comes in, and as what, when many come at once.</summary>
public abstract class RegistrationSpec(Engine engine) : PeopleSpec(engine)
{
    [Fact]
    public async Task An_account_is_found_by_its_names_and_has_its_first_session()
    {
        var ana = await JoinAsync("ana");
        var found = await Accounts.FindByLoginAsync(ana.Username, Cancellation);
        Assert.Equal((ana.Id, ana.Username, ana.Email, "hash of " + ana.Username), (found!.Id, found.Username, found.Email, found.PasswordHash));
        Assert.Equal(found, await Accounts.FindByLoginAsync(ana.Email, Cancellation));
        Assert.Equal(found, await Accounts.FindAsync(ana.Id, Cancellation));
        Assert.Equal(ana.Id, (await Sessions.FindAsync(ana.Session, Cancellation))!.UserId);
    }

    [Fact]
    public async Task Nobody_is_found_by_names_that_nobody_has()
    {
        Assert.Null(await Accounts.FindByLoginAsync("nobody", Cancellation));
        Assert.Null(await Accounts.FindByLoginAsync("nobody@example.org", Cancellation));
        Assert.Null(await Accounts.FindAsync(new UserId(Guid.CreateVersion7(Now)), Cancellation));
    }

    [Fact]
    public async Task Taken_names_are_refused_by_their_own_codes()
    {
        var ana = await JoinAsync("ana");
        Assert.Equal(Registration.Refused(ErrorCodes.UsernameTaken), await RegisterAsync(AccountOf(ana.Username, email: Fresh("other") + "@example.org")));
        Assert.Equal(Registration.Refused(ErrorCodes.EmailTaken), await RegisterAsync(AccountOf(Fresh("other"), email: ana.Email)));
    }

    [Fact]
    public async Task Of_many_with_one_user_name_at_once_one_gets_it()
    {
        var name = Fresh("wanted");
        var all = await Race.RunAsync(10, i => RegisterAsync(AccountOf(name, email: $"{name}.{i}@example.org")));
        Assert.Single(all, one => one == Registration.Made("user"));
        Assert.Equal(9, all.Count(one => one == Registration.Refused(ErrorCodes.UsernameTaken)));
    }

    [Fact]
    public async Task Of_many_with_one_address_at_once_one_gets_it()
    {
        var email = Fresh("wanted") + "@example.org";
        var all = await Race.RunAsync(10, _ => RegisterAsync(AccountOf(Fresh("somebody"), email: email)));
        Assert.Single(all, one => one == Registration.Made("user"));
        Assert.Equal(9, all.Count(one => one == Registration.Refused(ErrorCodes.EmailTaken)));
    }

    [Fact]
    public async Task A_registration_and_a_rename_to_the_same_name_at_once_leave_one_of_them()
    {
        for (var round = 0; round < 10; round++)
        {
            var ana = await JoinAsync("ana");
            var name = Fresh("wanted");
            var done = await Race.RunAsync(2, async i => i == 0
                ? (await RegisterAsync(AccountOf(name))).Refusal
                : await Users.UpdateAsync(ana.Id, new ProfileChange { Username = name, UsernameKey = name }, Cancellation));
            Assert.Equal([null, ErrorCodes.UsernameTaken], done.Order());
        }
    }

    [Fact]
    public async Task Of_twenty_first_registrations_from_this_machine_at_once_exactly_one_is_admin()
    {
        Database = await Engine.OpenAsync();
        var all = await Race.RunAsync(20, _ => RegisterAsync(AccountOf(Fresh("first")), OpenGate with { FromThisMachine = true }));
        Assert.Single(all, one => one == Registration.Made("admin"));
        Assert.Equal(19, all.Count(one => one == Registration.Made("user")));
    }

    [Fact]
    public async Task Of_twenty_with_the_set_up_code_at_once_exactly_one_comes_in()
    {
        Database = await Engine.OpenAsync();
        var gate = OpenGate with { Mode = RegistrationModes.Closed, BringsSetupCode = true };
        var all = await Race.RunAsync(20, _ => RegisterAsync(AccountOf(Fresh("first")), gate));
        Assert.Single(all, one => one == Registration.Made("admin"));
        Assert.Equal(19, all.Count(one => one == Registration.Refused(ErrorCodes.RegistrationClosed)));
        Assert.Equal(1, await CountAsync("users"));
        Assert.Equal(1, await CountAsync("sessions"));
    }

    [Fact]
    public async Task An_invitation_for_three_lets_three_of_twenty_in()
    {
        var gate = await InviteAsync(maxUses: 3, TimeSpan.FromDays(1));
        var all = await Race.RunAsync(20, _ => RegisterAsync(AccountOf(Fresh("guest")), gate));
        Assert.Equal(3, all.Count(one => one == Registration.Made("user")));
        Assert.Equal(17, all.Count(one => one == Registration.Refused(ErrorCodes.InvalidInvite)));
    }

    [Fact]
    public async Task A_refused_registration_leaves_the_invitation_as_it_was()
    {
        var ana = await JoinAsync("ana");
        var gate = await InviteAsync(maxUses: 1, TimeSpan.FromDays(1));
        Assert.Equal(Registration.Refused(ErrorCodes.UsernameTaken), await RegisterAsync(AccountOf(ana.Username), gate));
        Assert.Equal(Registration.Made("user"), await RegisterAsync(AccountOf(Fresh("guest")), gate));
    }

    [Fact]
    public async Task An_invitation_that_ran_out_or_never_was_lets_nobody_in()
    {
        var late = await InviteAsync(maxUses: 3, TimeSpan.Zero);
        var madeUp = late with { InviteHash = Secret() };
        Assert.Equal(Registration.Refused(ErrorCodes.InvalidInvite), await RegisterAsync(AccountOf(Fresh("guest")), late));
        Assert.Equal(Registration.Refused(ErrorCodes.InvalidInvite), await RegisterAsync(AccountOf(Fresh("guest")), madeUp));
        Assert.Equal(Registration.Refused(ErrorCodes.InviteRequired), await RegisterAsync(AccountOf(Fresh("guest")), late with { InviteHash = null }));
    }

    private async Task<RegistrationGate> InviteAsync(int maxUses, TimeSpan lifetime)
    {
        var host = await JoinAsync("host");
        var hash = Secret();
        var invite = new InviteRow { Id = new InviteId(Guid.CreateVersion7(Now)), MaxUses = maxUses, CreatedAt = Now, ExpiresAt = Now + lifetime };
        await Admins.AddInviteAsync(invite, hash, host.Id, Cancellation);
        return OpenGate with { Mode = RegistrationModes.Invite, InviteHash = hash };
    }
}

public sealed class RegistrationOnSqlite(SqliteEngine engine) : RegistrationSpec(engine), IClassFixture<SqliteEngine>;

public sealed class RegistrationOnPostgres(PostgresEngine engine) : RegistrationSpec(engine), IClassFixture<PostgresEngine>;
