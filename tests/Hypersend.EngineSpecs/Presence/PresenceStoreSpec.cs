using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Chats;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Users;

namespace Hypersend.EngineSpecs.Presence;

public abstract class PresenceStoreSpec(Engine engine) : ChatSpec(engine)
{
    [Fact]
    public async Task It_knows_of_each_whom_they_follow_and_block_and_where_they_are_members()
    {
        var (ana, bob, cyd) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("cyd"));
        await Users.FollowAsync(ana.Id, bob.Id, Now, Cancellation);
        await Users.BlockAsync(ana.Id, cyd.Id, Now, Cancellation);
        await CreateAsync(ana, members: bob);
        await Users.ChangeSettingsAsync(bob.Id, _ => new StoredSettings("{}") { LastSeenAudience = "nobody" }, Cancellation);
        var nobody = new UserId(Guid.CreateVersion7(Now));

        var found = (await new SqlPresenceStore(Database).FindAsync([ana.Id, bob.Id, nobody], Cancellation)).ToDictionary(one => one.Id);

        Assert.Equal(2, found.Count);
        Assert.Equal(("everyone", "nobody"), (found[ana.Id].Audience, found[bob.Id].Audience));
        Assert.Equal([bob.Id], found[ana.Id].Follows);
        Assert.Equal([cyd.Id], found[ana.Id].Blocks);
        Assert.Empty(found[bob.Id].Blocks);
        Assert.Single(found[ana.Id].Chats.Intersect(found[bob.Id].Chats));
        Assert.Equal(found[ana.Id].Chats.Order(), found[ana.Id].Chats);
    }
}

public sealed class PresenceStoreOnSqlite(SqliteEngine engine) : PresenceStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class PresenceStoreOnPostgres(PostgresEngine engine) : PresenceStoreSpec(engine), IClassFixture<PostgresEngine>;
