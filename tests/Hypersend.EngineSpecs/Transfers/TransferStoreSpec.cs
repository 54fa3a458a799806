using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Contracts.Users;
using Hypersend.EngineSpecs.Engines;
using Hypersend.EngineSpecs.Files;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Transfers;

namespace Hypersend.EngineSpecs.Transfers;

/// <summary>ITransferStore: offers, their states, who may speak over them, and the stored file that one became.</summary>
public abstract class TransferStoreSpec(Engine engine) : FileSpec(engine)
{
    private protected ITransferStore Store => new SqlTransferStore(Database);

    [Fact]
    public async Task An_offer_is_its_two_people_s_and_nobody_else_s()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var offer = OfferOf(ana, ben);
        Assert.Null(await Store.AddAsync(offer, Cancellation));

        var row = (await Store.FindAsync(offer.Id, ben.Id, Cancellation))!;
        Assert.Equal((ana.Id, ana.Username, ben.Id, ben.Username), (row.SenderId, row.SenderUsername, row.ReceiverId, row.ReceiverUsername));
        Assert.Equal(("film.mkv", 5L * ChunkSize, "video/x-matroska", ChunkSize, 5), (row.Filename, row.Size, row.Mime, row.ChunkSize, row.TotalChunks));
        Assert.Equal((TransferStates.Offered, Now, Now.AddHours(24), null, null), (row.State, row.CreatedAt, row.ExpiresAt, row.EndedAt, row.FileId));
        Assert.Equal(row, await Store.FindAsync(offer.Id, ana.Id, Cancellation));
        Assert.Null(await Store.FindAsync(offer.Id, eve.Id, Cancellation));
        Assert.Equal(TransferStates.Offered, await Store.FindStateAsync(offer.Id, Cancellation));
        Assert.Null(await Store.FindStateAsync(FreshId(), Cancellation));
    }

    [Fact]
    public async Task Who_blocks_is_gone_or_lets_nobody_write_is_offered_nothing()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        await SetAudienceAsync(ben, Audiences.Nobody);
        Assert.Equal(ErrorCodes.RefusedByPrivacy, await Store.AddAsync(OfferOf(ana, ben), Cancellation));
        await SetAudienceAsync(ben, Audiences.Contacts);
        Assert.Equal(ErrorCodes.RefusedByPrivacy, await Store.AddAsync(OfferOf(ana, ben), Cancellation));
        await Users.FollowAsync(ben.Id, ana.Id, Now, Cancellation);
        Assert.Null(await Store.AddAsync(OfferOf(ana, ben), Cancellation));
        await Users.BlockAsync(ben.Id, ana.Id, Now, Cancellation);
        Assert.Equal(ErrorCodes.Blocked, await Store.AddAsync(OfferOf(ana, ben), Cancellation));
        Assert.Null(await Users.DeleteAsync(ben.Id, Now, Cancellation));
        Assert.Equal(ErrorCodes.NoSuchPerson, await Store.AddAsync(OfferOf(ana, ben), Cancellation));
    }

    [Fact]
    public async Task Of_several_who_move_it_at_once_one_does()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var id = await OfferedAsync(ana, ben);
        string[] ends = [TransferStates.Done, TransferStates.Cancelled, TransferStates.Rejected];
        var moved = await Race.RunAsync(9, i => Store.MoveAsync(id, TransferStates.Offered, ends[i % ends.Length], Now, Cancellation));

        Assert.Single(moved, one => one);
        Assert.Equal(Now, (await Store.FindAsync(id, ana.Id, Cancellation))!.EndedAt);
        Assert.False(await Store.MoveAsync(id, TransferStates.Accepted, TransferStates.Done, Now, Cancellation));
    }

    [Fact]
    public async Task A_person_s_transfers_come_newest_first_from_both_sides()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var ids = new List<TransferId>();
        foreach (var (from, to) in new[] { (ana, ben), (ben, ana), (eve, ana), (ana, eve), (ben, eve) })
            ids.Add(await OfferedAsync(from, to, Now.AddSeconds(ids.Count)));
        ids.Reverse();

        Assert.Equal(ids[1..], (await Store.ListAsync(ana.Id, null, 10, Cancellation)).Select(one => one.Id));
        Assert.Equal(ids[1..3], (await Store.ListAsync(ana.Id, null, 2, Cancellation)).Select(one => one.Id));
        Assert.Equal(ids[3..], (await Store.ListAsync(ana.Id, ids[2], 10, Cancellation)).Select(one => one.Id));
    }

    [Fact]
    public async Task They_speak_over_it_while_it_is_open_and_neither_blocks_the_other()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var id = await OfferedAsync(ana, ben);
        Assert.True(await Store.MaySignalAsync(id, ana.Id, ben.Id, Cancellation));
        Assert.True(await Store.MaySignalAsync(id, ben.Id, ana.Id, Cancellation));
        Assert.False(await Store.MaySignalAsync(id, eve.Id, ben.Id, Cancellation));
        Assert.False(await Store.MaySignalAsync(id, ana.Id, ana.Id, Cancellation));
        Assert.False(await Store.MaySignalAsync(FreshId(), ana.Id, ben.Id, Cancellation));
        await Users.BlockAsync(ben.Id, ana.Id, Now, Cancellation);
        Assert.False(await Store.MaySignalAsync(id, ana.Id, ben.Id, Cancellation));
        Assert.False(await Store.MaySignalAsync(id, ben.Id, ana.Id, Cancellation));

        var other = await OfferedAsync(ana, eve);
        Assert.True(await Store.MoveAsync(other, TransferStates.Offered, TransferStates.Rejected, Now, Cancellation));
        Assert.False(await Store.MaySignalAsync(other, ana.Id, eve.Id, Cancellation));
    }

    [Fact]
    public async Task What_nobody_took_in_time_expires_once_and_what_is_over_is_told_apart()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var (old, young, done) = (await OfferedAsync(ana, ben, Now.AddDays(-40)), await OfferedAsync(ana, ben), await OfferedAsync(ana, ben, Now.AddDays(-40)));
        Assert.True(await Store.MoveAsync(done, TransferStates.Offered, TransferStates.Done, Now, Cancellation));

        var expired = await Store.ExpireAsync(Now.AddDays(-38), 100, Cancellation);
        Assert.Equal(TransferStates.Expired, Assert.Single(expired, one => one.Id == old).State);
        Assert.DoesNotContain(expired, one => one.Id == young || one.Id == done);
        Assert.DoesNotContain(await Store.ExpireAsync(Now.AddDays(-38), 100, Cancellation), one => one.Id == old);
        Assert.Equal(new[] { old, done }.ToHashSet(), (await Store.EndedAmongAsync([old, young, done], Cancellation)).ToHashSet());
        Assert.Empty(await Store.EndedAmongAsync([], Cancellation));
    }

    [Fact]
    public async Task A_stored_file_is_its_receiver_s_to_fetch_until_the_transfer_is_given_up()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var id = await OfferedAsync(ana, ben);
        var file = NewFileOf(ana, 5, RetentionModes.AfterDelivery);
        await BeginAsync(file);
        Assert.Null(await Files.FindAsync(ben.Id, file.Id, Cancellation));

        Assert.True(await Store.AttachAsync(id, file.Id, Now.AddDays(9), Cancellation));
        var row = (await Store.FindAsync(id, ben.Id, Cancellation))!;
        Assert.Equal((file.Id, Now.AddDays(9)), (row.FileId!.Value, row.ExpiresAt));
        Assert.NotNull(await Files.FindAsync(ben.Id, file.Id, Cancellation));
        Assert.Null(await Files.FindAsync(eve.Id, file.Id, Cancellation));

        // It waits for the receiver, and for nobody when they do not want it.
        await FinishAsync(file);
        Assert.Null((await FileAsync(file.Id)).RetentionAt);
        Assert.Equal(ben.Id, Assert.Single(Answer(await Retentions.DeliveriesAsync(ana.Id, file.Id, default, 10, Cancellation))).Id);
        Assert.Null(await SweepAsync(SweepActions.EndDelivered, file.Id, TimeSpan.FromSeconds(1)));
        Assert.True(await Store.MoveAsync(id, TransferStates.Offered, TransferStates.Cancelled, Now, Cancellation));
        Assert.Null(await Files.FindAsync(ben.Id, file.Id, Cancellation));
        Assert.False(await Store.AttachAsync(id, file.Id, Now.AddDays(9), Cancellation));
    }

    [Fact]
    public async Task A_stored_file_ends_when_its_receiver_has_it()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var id = await OfferedAsync(ana, ben);
        var file = NewFileOf(ana, 5, RetentionModes.AfterDelivery);
        await BeginAsync(file);
        Assert.True(await Store.AttachAsync(id, file.Id, Now.AddDays(9), Cancellation));
        await FinishAsync(file);

        Assert.Null(await Retentions.ReceivedAsync(file.Id, ben.Id, Now, Cancellation));
        Assert.Equal(FileStates.Expired, (await SweepAsync(SweepActions.EndDelivered, file.Id, TimeSpan.FromSeconds(1)))?.State);
        Assert.Null((await Store.FindAsync(id, ana.Id, Cancellation))!.FileId);
    }

    [Fact]
    public async Task A_relay_is_where_the_first_node_was_until_that_one_is_silent_or_its_time_is_over()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var id = await OfferedAsync(ana, ben);
        var nodes = await Race.RunAsync(8, i => ClaimAsync(id, $"http://node{i % 4}"));
        var first = Assert.Single(nodes.Distinct())!;

        Assert.Equal(first, await ClaimAsync(id, "http://other", silent: "http://somebody"));
        Assert.Equal([id], await Store.MovedAmongAsync([id, FreshId()], "http://other", Cancellation));
        Assert.Empty(await Store.MovedAmongAsync([id], first, Cancellation));
        Assert.Empty(await Store.MovedAmongAsync([], first, Cancellation));
        Assert.Equal("http://other", await ClaimAsync(id, "http://other", silent: first));
        await Store.RenewAsync([id], first, Now.AddDays(1), Cancellation);
        Assert.Equal(first, await ClaimAsync(id, first, at: Now.AddSeconds(60)));
        await Store.RenewAsync([id], first, Now.AddSeconds(180), Cancellation);
        await Store.RenewAsync([], first, Now.AddDays(1), Cancellation);
        Assert.Equal(first, await ClaimAsync(id, "http://other", at: Now.AddSeconds(179)));
        Assert.Equal("http://other", await ClaimAsync(id, "http://other", at: Now.AddSeconds(180)));

        Assert.True(await Store.MoveAsync(id, TransferStates.Offered, TransferStates.Done, Now, Cancellation));
        Assert.Null(await ClaimAsync(id, first, silent: "http://other"));
        Assert.Empty(await Store.MovedAmongAsync([id], first, Cancellation));
    }

    private Task<string?> ClaimAsync(TransferId id, string node, string? silent = null, DateTimeOffset? at = null) =>
        Store.ClaimAsync(id, new RelayClaim(node, silent, at ?? Now, (at ?? Now).AddSeconds(60)), Cancellation);

    private static TransferId FreshId() => new(Guid.CreateVersion7(Now));

    private static NewTransfer OfferOf(Person sender, Person receiver, DateTimeOffset? at = null) => new()
    {
        Id = new TransferId(Guid.CreateVersion7(at ?? Now)),
        SenderId = sender.Id,
        ReceiverId = receiver.Id,
        Filename = "film.mkv",
        Size = 5L * ChunkSize,
        Mime = "video/x-matroska",
        ChunkSize = ChunkSize,
        CreatedAt = at ?? Now,
        ExpiresAt = (at ?? Now).AddHours(24),
    };

    private async Task<TransferId> OfferedAsync(Person sender, Person receiver, DateTimeOffset? at = null)
    {
        var offer = OfferOf(sender, receiver, at);
        Assert.Null(await Store.AddAsync(offer, Cancellation));
        return offer.Id;
    }

    private Task SetAudienceAsync(Person person, string audience) =>
        ExecuteAsync("UPDATE users SET message_audience = @audience WHERE id = @Id", new { audience, person.Id });
}

public sealed class TransferStoreOnSqlite(SqliteEngine engine) : TransferStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class TransferStoreOnPostgres(PostgresEngine engine) : TransferStoreSpec(engine), IClassFixture<PostgresEngine>;
