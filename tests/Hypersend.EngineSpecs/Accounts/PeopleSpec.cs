using System.Security.Cryptography;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Text;

namespace Hypersend.EngineSpecs.Accounts;

/// <summary>A spec with people in it: who joins has an account and a session.</summary>
public abstract class PeopleSpec(Engine engine) : StoreSpec(engine)
{
    private protected static readonly RegistrationGate OpenGate = new()
    {
        Mode = RegistrationModes.Open,
        FromThisMachine = false,
        BringsSetupCode = false,
        InviteHash = null,
    };

    private protected sealed record Person(UserId Id, SessionId Session, string Username)
    {
        public string Email => Username + "@example.org";
    }

    private protected IAccountStore Accounts => new SqlAccountStore(Database);

    private protected ISessionStore Sessions => new SqlSessionStore(Database);

    private protected ILoginAttempts Attempts => new SqlLoginAttempts(Database);

    private protected IUserStore Users => new SqlUserStore(Database);

    private protected IAdminStore Admins => new SqlAdminStore(Database);

    private protected static byte[] Secret() => RandomNumberGenerator.GetBytes(32);

    /// <summary>A user name nobody has.</summary>
    private protected static string Fresh(string name) => $"{name}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    private protected static NewAccount AccountOf(string username, string? name = null, string? email = null) => new()
    {
        Id = new UserId(Guid.CreateVersion7(Now)),
        Username = username,
        UsernameKey = NameForm.Of(username),
        Email = email ?? username + "@example.org",
        EmailKey = NameForm.Of(email ?? username + "@example.org"),
        Name = name ?? username,
        PasswordHash = "hash of " + username,
        Words = NameForm.Words(username, name ?? username),
        CreatedAt = Now,
    };

    private protected static NewSession SessionOf(UserId user, DateTimeOffset? at = null, TimeSpan? lifetime = null) => new()
    {
        Id = new SessionId(Guid.CreateVersion7(Now)),
        UserId = user,
        CreatedAt = at ?? Now,
        ExpiresAt = (at ?? Now) + (lifetime ?? TimeSpan.FromDays(30)),
        Address = "192.0.2.7",
        UserAgent = "A browser of my own 漢",
        RefreshHash = Secret(),
        NextRefreshHash = Secret(),
    };

    private protected Task<Registration> RegisterAsync(NewAccount account, RegistrationGate? gate = null) =>
        Accounts.RegisterAsync(account, SessionOf(account.Id), gate ?? OpenGate, Cancellation);

    private protected async Task<Person> JoinAsync(string name)
    {
        var account = AccountOf(Fresh(name), name);
        var session = SessionOf(account.Id);
        Assert.Equal(Registration.Made("user"), await Accounts.RegisterAsync(account, session, OpenGate, Cancellation));
        return new Person(account.Id, session.Id, account.Username);
    }

    private protected async Task<Person> JoinAsAdminAsync(string name)
    {
        var person = await JoinAsync(name);
        Assert.Null(await Admins.UpdateUserAsync(person.Id, new AccountChange { Role = "admin" }, Now, Cancellation));
        return person;
    }

    private protected async Task<SessionId> SignInAsync(Person person, DateTimeOffset? at = null, TimeSpan? lifetime = null)
    {
        var session = SessionOf(person.Id, at, lifetime);
        await Sessions.OpenAsync(session, succeeded: null, Cancellation);
        return session.Id;
    }

    private protected async Task<Credentials> CredentialsAsync(Person person) => (await Accounts.FindAsync(person.Id, Cancellation))!;

    private protected Task<long> CountAsync(string table) => Database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(*) FROM " + table), Cancellation);
}
