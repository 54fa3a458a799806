using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Files;

namespace Hypersend.EngineSpecs.Files;

/// <summary>How long a file stays: until a time, for so many downloads, until everybody has it.</summary>
public abstract class RetentionSpec(Engine engine) : FileSpec(engine)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_file_that_is_kept_until_a_time_ends_then_and_not_before()
    {
        var ana = await JoinAsync("ana");
        var file = NewFileOf(ana, 5, RetentionModes.Until) with { RetentionAt = Now.AddMinutes(1) };
        await ReadyAsync(file);
        Assert.Null(await Retentions.TakeAsync(file.Id, Taker.Of(ana.Id), Now, Cancellation));
        Assert.True(await Sweeps.NextDueAsync(Cancellation) <= Now.AddMinutes(1));
        Assert.Null(await SweepAsync(SweepActions.ExpireFile, file.Id, TimeSpan.FromSeconds(59)));
        Assert.Equal(ErrorCodes.FileGone, (await Retentions.TakeAsync(file.Id, Taker.Of(ana.Id), Now.AddMinutes(1), Cancellation))?.Code);
        Assert.Equal(FileStates.Expired, (await SweepAsync(SweepActions.ExpireFile, file.Id, TimeSpan.FromMinutes(1)))?.State);
        Assert.Null(await SweepAsync(SweepActions.ExpireFile, file.Id, TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public async Task Downloads_count_once_a_person_or_visitor_and_the_last_byte_of_the_last_one_ends_the_file()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var file = NewFileOf(ana, 10, RetentionModes.Downloads) with { RetentionCount = 2 };
        await ReadyAsync(file);
        var visitor = Taker.Of(new LinkId(Guid.CreateVersion7(Now)), "c:1");
        for (var range = 0; range < 3; range++)
            Assert.Null(await Retentions.TakeAsync(file.Id, Taker.Of(ben.Id), Now, Cancellation));
        Assert.Null(await Retentions.TakeAsync(file.Id, visitor, Now, Cancellation));
        Assert.Equal(ErrorCodes.FileGone, (await Retentions.TakeAsync(file.Id, Taker.Of(eve.Id), Now, Cancellation))?.Code);
        Assert.Null(await Retentions.TakeAsync(file.Id, Taker.Of(ben.Id), Now, Cancellation));
        Assert.Equal((2, Now.AddHours(24)), ((await FileAsync(file.Id)).Downloads, (await FileAsync(file.Id)).RetentionAt));

        Assert.False(await Retentions.ServedAsync(file.Id, Taker.Of(ben.Id), 0, 4, Now, Cancellation));
        Assert.False(await Retentions.ServedAsync(file.Id, Taker.Of(ben.Id), 6, 9, Now, Cancellation));
        Assert.True(await Retentions.ServedAsync(file.Id, Taker.Of(ben.Id), 5, 5, Now, Cancellation));
        Assert.Null(await SweepAsync(SweepActions.EndFetched, file.Id, Soon));
        Assert.True(await Retentions.ServedAsync(file.Id, visitor, 0, 9, Now, Cancellation));
        Assert.Equal(ErrorCodes.FileGone, (await Retentions.TakeAsync(file.Id, Taker.Of(eve.Id), Now, Cancellation))?.Code);
        Assert.Equal(FileStates.Expired, (await SweepAsync(SweepActions.EndFetched, file.Id, Soon))?.State);
        Assert.Equal(ErrorCodes.FileGone, (await Retentions.TakeAsync(file.Id, Taker.Of(ben.Id), Now, Cancellation))?.Code);
    }

    [Fact]
    public async Task Whoever_took_the_last_download_and_never_finished_has_a_day()
    {
        var ana = await JoinAsync("ana");
        var file = NewFileOf(ana, 10, RetentionModes.Downloads) with { RetentionCount = 1 };
        await ReadyAsync(file);
        Assert.Null(await Retentions.TakeAsync(file.Id, Taker.Of(ana.Id), Now, Cancellation));
        Assert.Null(await SweepAsync(SweepActions.ExpireFile, file.Id, TimeSpan.FromHours(23)));
        Assert.NotNull(await SweepAsync(SweepActions.ExpireFile, file.Id, TimeSpan.FromHours(24)));
    }

    [Fact]
    public async Task Many_at_once_never_get_more_than_there_are()
    {
        var ana = await JoinAsync("ana");
        var file = NewFileOf(ana, 10, RetentionModes.Downloads) with { RetentionCount = 3 };
        await ReadyAsync(file);
        var link = new LinkId(Guid.CreateVersion7(Now));
        var answers = await Race.RunAsync(12, async i => await Retentions.TakeAsync(file.Id, Taker.Of(link, $"c:{i}"), Now, Cancellation) is null);
        Assert.Equal(3, answers.Count(granted => granted));
        Assert.Equal(3, (await FileAsync(file.Id)).Downloads);
    }

    [Fact]
    public async Task A_file_that_waits_for_its_delivery_goes_when_all_who_were_there_have_it()
    {
        var (ana, ben, eve, late) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"), await JoinAsync("late"));
        var chat = await GroupAsync(ana, ben, eve);
        var file = NewFileOf(ana, 10, RetentionModes.AfterDelivery);
        await BeginAsync(file);
        await SendFileAsync(ana, chat, file.Id);
        Assert.Equal(ErrorCodes.FileNotReady, (await Retentions.ReceivedAsync(file.Id, ben.Id, Now, Cancellation))?.Code);
        Assert.Null((await FinishAsync(file)).RetentionAt);

        Assert.True(await Retentions.ServedAsync(file.Id, Taker.Of(ben.Id), 0, 9, Now, Cancellation));
        Assert.False(await Retentions.ServedAsync(file.Id, Taker.Of(ana.Id), 0, 9, Now, Cancellation));
        Assert.Null(await SweepAsync(SweepActions.EndDelivered, file.Id, Soon));
        Assert.Null(await Retentions.ReceivedAsync(file.Id, late.Id, Now, Cancellation));
        Assert.Null(await SweepAsync(SweepActions.EndDelivered, file.Id, Soon));
        Assert.Null(await Retentions.ReceivedAsync(file.Id, eve.Id, Now, Cancellation));
        Assert.Null(await Retentions.ReceivedAsync(file.Id, eve.Id, Now, Cancellation));
        Assert.Equal(FileStates.Expired, (await SweepAsync(SweepActions.EndDelivered, file.Id, Soon))?.State);

        // What ended with the last byte may still be confirmed; by nobody else.
        Assert.Null(await Retentions.ReceivedAsync(file.Id, ben.Id, Now, Cancellation));
        Assert.Equal(ErrorCodes.FileGone, (await Retentions.ReceivedAsync(file.Id, (await JoinAsync("new")).Id, Now, Cancellation))?.Code);
        var deliveries = Answer(await Retentions.DeliveriesAsync(ana.Id, file.Id, default, 10, Cancellation));
        Assert.All(deliveries, delivery => Assert.Equal((Now, Now), (delivery.DeliveredAt, delivery.VerifiedAt)));
        Assert.Equal(new[] { ben.Id, eve.Id, late.Id }.Order(Comparer<UserId>.Create((a, b) => a.Value.CompareTo(b.Value))), deliveries.Select(delivery => delivery.Id));
        Refused(ErrorCodes.Forbidden, await Retentions.DeliveriesAsync(ben.Id, file.Id, default, 10, Cancellation));
        Refused(ErrorCodes.NotFound, await Retentions.DeliveriesAsync(late.Id, file.Id, default, 10, Cancellation));
    }

    [Fact]
    public async Task Whoever_goes_on_where_their_line_broke_has_what_came_before()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var file = await ReadyAsync(NewFileOf(ana, 1000));
        Assert.False(await Retentions.HandedAsync(file.Id, Taker.Of(ben.Id), 0, 699, Now, Cancellation));
        Assert.False(await Retentions.HandedAsync(file.Id, Taker.Of(ben.Id), 500, 999, Now, Cancellation));
        Assert.True(await Retentions.ServedAsync(file.Id, Taker.Of(ben.Id), 800, 999, Now, Cancellation));

        // All was sent and nothing is known to have come; a gap is a gap.
        Assert.False(await Retentions.HandedAsync(file.Id, Taker.Of(eve.Id), 0, 999, Now, Cancellation));
        Assert.False(await Retentions.HandedAsync(file.Id, Taker.Of(eve.Id), 0, 499, Now, Cancellation));
        Assert.False(await Retentions.ServedAsync(file.Id, Taker.Of(eve.Id), 0, 99, Now, Cancellation));
        Assert.True(await Retentions.ServedAsync(file.Id, Taker.Of(eve.Id), 100, 999, Now, Cancellation));
    }

    [Fact]
    public async Task Whoever_had_every_byte_before_the_upload_was_complete_has_the_file_when_it_is()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var file = NewFileOf(ana, 10, RetentionModes.AfterDelivery);
        await BeginAsync(file);
        await SendFileAsync(ana, await GroupAsync(ana, ben, eve), file.Id);
        Assert.False(await Retentions.ServedAsync(file.Id, Taker.Of(ben.Id), 0, 9, Now, Cancellation));
        Assert.False(await Retentions.ServedAsync(file.Id, Taker.Of(eve.Id), 0, 8, Now, Cancellation));
        await FinishAsync(file);
        var has = Answer(await Retentions.DeliveriesAsync(ana.Id, file.Id, default, 10, Cancellation)).ToDictionary(delivery => delivery.Id, delivery => delivery.DeliveredAt);
        Assert.Equal((Now, null), (has[ben.Id], has[eve.Id]));
    }

    [Fact]
    public async Task Nobody_waits_for_those_who_left()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var chat = await GroupAsync(ana, ben, eve);
        var file = NewFileOf(ana, 10, RetentionModes.AfterDelivery);
        await BeginAsync(file);
        await SendFileAsync(ana, chat, file.Id);
        await FinishAsync(file);
        Assert.Null(await Retentions.ReceivedAsync(file.Id, ben.Id, Now, Cancellation));
        await LeaveAsync(eve, chat);
        Assert.NotNull(await SweepAsync(SweepActions.EndDelivered, file.Id, Soon));
    }

    [Fact]
    public async Task Without_anybody_to_wait_for_it_stays_until_it_expires()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var alone = await ReadyAsync(NewFileOf(ana, 10, RetentionModes.AfterDelivery));
        Assert.Equal(Now + Life, alone.RetentionAt);

        // Sent later, it waits for those who get it then.
        var chat = await GroupAsync(ana, ben);
        await SendFileAsync(ana, chat, alone.Id);
        Assert.Null((await FileAsync(alone.Id)).RetentionAt);
        Assert.DoesNotContain(alone.Id, await Sweeps.FindAsync(SweepActions.SetExpiry, At(Soon), 10_000, Cancellation));
        await LeaveAsync(ben, chat);
        Assert.Contains(alone.Id, await Sweeps.FindAsync(SweepActions.SetExpiry, At(Soon), 10_000, Cancellation));
        var kept = await Sweeps.SetExpiryAsync(alone.Id, At(Soon), Cancellation);
        Assert.Equal(Now + Soon + Life, kept?.File.RetentionAt);
        Assert.Single(kept!.Changes);
        Assert.Null(await Sweeps.SetExpiryAsync(alone.Id, At(Soon), Cancellation));
    }

    [Theory]
    [InlineData(RetentionModes.Until)]
    [InlineData(RetentionModes.Downloads)]
    [InlineData(RetentionModes.AfterDelivery)]
    public async Task Only_what_is_kept_may_be_passed_on(string mode)
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var (here, there) = (await GroupAsync(ana, ben), await GroupAsync(ben));
        var kept = await ReadyAsync(NewFileOf(ana, 10));
        var row = await SendFileAsync(ana, here, kept.Id);
        var forwarded = await SendAsync(ben, there, "", message => message with { ForwardOf = IdOf(here, row) });
        Assert.NotNull(forwarded.Files);
        Assert.NotNull(await Files.FindAsync(ben.Id, kept.Id, Cancellation));

        var bound = NewFileOf(ana, 10, mode) with
        {
            RetentionAt = mode == RetentionModes.Until ? Now.AddDays(1) : null,
            RetentionCount = mode == RetentionModes.Downloads ? 5 : null,
        };
        await ReadyAsync(bound);
        var other = await SendFileAsync(ana, here, bound.Id);
        var batch = await AppendAsync(new Hypersend.Server.Features.Messages.NewMessage { Sender = ben.Id, Chat = there, Content = "", ForwardOf = IdOf(here, other) });
        Refused(ErrorCodes.NotForwardable, batch.Outcomes[0]);
    }

    private Task LeaveAsync(Person person, ChatId chat) => ExecuteAsync(
        "UPDATE chat_members SET left_at = @Now WHERE user_id = @Id AND chat_no = (SELECT no FROM chats WHERE id = @chat)", new { Now, person.Id, chat });
}

public sealed class RetentionOnSqlite(SqliteEngine engine) : RetentionSpec(engine), IClassFixture<SqliteEngine>;

public sealed class RetentionOnPostgres(PostgresEngine engine) : RetentionSpec(engine), IClassFixture<PostgresEngine>;
