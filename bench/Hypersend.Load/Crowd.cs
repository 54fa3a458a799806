using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Sql.Postgres;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Engines.Sql.Sqlite;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Auth.Jwt;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Load;

/// <summary>
/// Many people, each with an account and a session of their own. A registration costs a fifth of a second of hashing, so
/// they are put in place through the server's own store, and their tokens are signed with its key.
/// </summary>
internal sealed class Crowd
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    private Crowd(IReadOnlyList<Guid> ids, IReadOnlyList<string> tokens) => (Ids, Tokens) = (ids, tokens);

    public IReadOnlyList<Guid> Ids { get; }

    public IReadOnlyList<string> Tokens { get; }

    public static async Task<Crowd> GatherAsync(ServerProcess server, int count)
    {
        await using var database = server.Postgres is { } url
            ? new PostgresDatabase(PostgresUrl.ToConnectionString(url)!, TimeProvider.System)
            : (SqlDatabase)new SqliteDatabase(Path.Combine(server.DataRoot, "hypersend.db"), TimeProvider.System);
        var store = new SqlAccountStore(database);
        var tokens = new AccessTokens(KeyRing.Load(server.SecretKey, null, server.DataRoot), TimeProvider.System, Lifetime);
        var now = TimeProvider.System.GetUtcNow();
        var people = Enumerable.Range(0, count).Select(_ => (Id: Guid.CreateVersion7(now), Session: Guid.CreateVersion7(now))).ToArray();
        var gate = new RegistrationGate { Mode = "open", FromThisMachine = false, BringsSetupCode = false, InviteHash = null };
        foreach (var some in people.Index().Chunk(256))
        {
            await Task.WhenAll(some.Select(person => store.RegisterAsync(
                AccountOf(person.Index, person.Item.Id, now), SessionOf(person.Item.Id, person.Item.Session, now), gate, CancellationToken.None)));
        }

        return new Crowd([.. people.Select(person => person.Id)], [.. people.Select(person => tokens.Issue(person.Id, person.Session, "user", out _))]);
    }

    /// <summary>The people of a folder where a crowd was gathered before.</summary>
    public static async Task<Crowd> RecallAsync(ServerProcess server)
    {
        await using var database = server.Postgres is { } url
            ? new PostgresDatabase(PostgresUrl.ToConnectionString(url)!, TimeProvider.System)
            : (SqlDatabase)new SqliteDatabase(Path.Combine(server.DataRoot, "hypersend.db"), TimeProvider.System);
        var tokens = new AccessTokens(KeyRing.Load(server.SecretKey, null, server.DataRoot), TimeProvider.System, Lifetime);
        var sessions = await database.ReadAsync(
            sql => sql.ListAsync<OpenSession>(
                "SELECT s.id, s.user_id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.username LIKE 'person%' ORDER BY u.username"),
            CancellationToken.None);
        return new Crowd([.. sessions.Select(one => one.UserId)], [.. sessions.Select(one => tokens.Issue(one.UserId, one.Id, "user", out _))]);
    }

    private static NewAccount AccountOf(int number, Guid id, DateTimeOffset now)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"person{number:D5}");
        return new NewAccount
        {
            Id = new UserId(id),
            Username = name,
            UsernameKey = NameForm.Of(name),
            Email = name + "@example.org",
            EmailKey = name + "@example.org",
            Name = name,
            PasswordHash = "",
            Words = NameForm.Words(name, name),
            CreatedAt = now,
        };
    }

    private static NewSession SessionOf(Guid user, Guid id, DateTimeOffset now) => new()
    {
        Id = new SessionId(id),
        UserId = new UserId(user),
        CreatedAt = now,
        ExpiresAt = now + Lifetime,
        Address = "127.0.0.1",
        UserAgent = "bench",
        RefreshHash = RandomNumberGenerator.GetBytes(32),
        NextRefreshHash = RandomNumberGenerator.GetBytes(32),
    };

    private sealed record OpenSession
    {
        public Guid Id { get; init; }

        public Guid UserId { get; init; }
    }
}
