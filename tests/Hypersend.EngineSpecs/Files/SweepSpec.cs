using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.Server.Engines.Bus.InProcess;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Turns;
using Hypersend.Server.Realtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.EngineSpecs.Files;

/// <summary>Nothing that anybody needs is swept, and nothing stays that nobody does, whenever the server dies in between.</summary>
public abstract partial class SweepSpec(Engine engine) : FileSpec(engine), IAsyncLifetime
{
    private const int Each = 125;

    private static readonly TimeSpan Day = TimeSpan.FromHours(25);

    private readonly ScratchFolder _folder = new();
    private readonly ManualClock _clock = new(Now);
    private readonly CrashPoint _crash = new();
    private DiskBlobStore _blobs = null!;

    private protected override async Task PrepareAsync()
    {
        // A database of its own: the sweeper looks at all there is.
        Database = await Engine.OpenAsync();
        _blobs = new DiskBlobStore(_folder.Path, _clock);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        _blobs?.Dispose();
        _folder.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Of_two_thousand_files_in_all_states_only_those_that_nobody_needs_go_though_the_server_dies_at_every_step()
    {
        var (ana, ghost) = (await JoinAsync("ana"), await JoinAsync("ghost"));
        var kinds = await FillAsync(ana, ghost);
        var sweep = MakeSweep();

        // What is said beforehand is what happens, and saying it does nothing.
        var decisions = (await sweep.DecideAsync(10_000, Cancellation)).ToLookup(decision => decision.Action, decision => decision.Id);
        foreach (var (action, expected) in kinds.Expected)
            Assert.Equal(expected.Order(ById), decisions[action].Order(ById));
        Assert.Equal(kinds.Expected.Keys.Order(), decisions.Select(group => group.Key).Order());
        await AssertNothingMissingAsync(kinds, "before");

        for (var round = 0; round < 2; round++)
        {
            var at = 1;
            for (; await SweepDiesAsync(sweep, at); at++)
                await AssertNothingMissingAsync(kinds, $"round {round}, died at call {at}");

            // Each time it comes a step further than before.
            Assert.InRange(at, 40, 1000);
            await AssertNothingMissingAsync(kinds, $"after round {round}");
            _clock.Advance(TimeSpan.FromMinutes(11));
        }

        var bytes = await BytesAsync();
        var rows = await RowsAsync();
        Assert.Equal(kinds.MustStay.Order(ById), rows.Values.Where(row => row.EndedAt is null).Select(row => row.Id).Order(ById));
        Assert.Equal(kinds.Bytes.Order(ById), bytes.Order(ById));
        Assert.All(rows.Values.Where(row => row.EndedAt is not null), row => Assert.True(row.SweptAt is not null || kinds.Bytes.Contains(row.Id), $"{row.Id} was not swept"));
        var usage = await Files.UsageAsync(ana.Id, Cancellation);
        Assert.Equal(rows.Values.Where(row => row.EndedAt is null).Sum(row => row.Reserved), usage.Bytes);
    }

    [Fact]
    public async Task Two_servers_that_sweep_at_once_do_everything_once()
    {
        var (ana, ghost) = (await JoinAsync("ana"), await JoinAsync("ghost"));
        var kinds = await FillAsync(ana, ghost);
        await Race.RunAsync(2, _ => SweepOnceAsync(MakeSweep()));
        await AssertNothingMissingAsync(kinds, "after the race");
        var usage = await Files.UsageAsync(ana.Id, Cancellation);
        Assert.Equal((await RowsAsync()).Values.Where(row => row.OwnerId == ana.Id && row.EndedAt is null).Sum(row => row.Reserved), usage.Bytes);
    }

    [Fact]
    public async Task An_expired_upload_leaves_a_message_that_says_so_and_no_badge()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        var (lost, kept) = (NewFileOf(ana, 10), NewFileOf(ana, 10));
        await BeginAsync(lost);
        await BeginAsync(kept);
        var alone = await SendAsync(ana, chat, $"@{ben.Username} look", message => message with { Files = [lost.Id] });
        await SendFileAsync(ana, chat, lost.Id, kept.Id);
        Assert.Equal((2, 1), await WaitingAsync(ben, chat));
        await FinishAsync(kept);

        var ended = await Sweeps.EndAsync(lost.Id, SweepActions.ExpireUpload, At(Life), Cancellation);
        var change = Assert.Single(ended!.Changes);
        Assert.Equal(2, change.Steps.Count);
        Assert.Equal((1, 0), await WaitingAsync(ben, chat));
        var shown = Answer(await Messages.FindAsync(ben.Id, IdOf(chat, alone), Cancellation)).Show(Now + Life);
        Assert.Equal(FileStates.Expired, Assert.Single(shown.Files).State);
        Assert.Equal(Now + Life, shown.FailedAt);
        await ReadToAsync(ben, chat, 2);
        Assert.Equal((0, 0), await WaitingAsync(ben, chat));
        Answer(await Messages.DeleteAsync(ana.Id, IdOf(chat, alone), Now, Cancellation));
        Assert.Equal((0, 0), await WaitingAsync(ben, chat));
        Assert.Equal(FileStates.Ready, (await FileAsync(kept.Id)).State);
    }

    [Fact]
    public async Task A_file_whose_last_message_was_deleted_goes_after_a_day_unless_it_is_sent_again()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        var (file, other) = (await ReadyAsync(NewFileOf(ana, 10)), await ReadyAsync(NewFileOf(ana, 10)));
        var row = await SendFileAsync(ana, chat, file.Id, other.Id);
        Answer(await Messages.DeleteAsync(ana.Id, IdOf(chat, row), Now, Cancellation));
        await SendFileAsync(ana, chat, other.Id);
        Assert.Null(await SweepAsync(SweepActions.RemoveUnused, file.Id, TimeSpan.FromHours(23)));
        Assert.Equal(FileStates.Removed, (await SweepAsync(SweepActions.RemoveUnused, file.Id, TimeSpan.FromHours(24)))?.State);
        Assert.Null(await SweepAsync(SweepActions.RemoveUnused, other.Id, TimeSpan.FromHours(48)));
    }

    private static Comparer<FileId> ById { get; } = Comparer<FileId>.Create((a, b) => a.Value.CompareTo(b.Value));

    private async Task<bool> SweepDiesAsync(FileSweep sweep, int at)
    {
        _crash.Arm(at);
        try
        {
            await SweepOnceAsync(sweep);
            return false;
        }
        catch (CrashedException)
        {
            return true;
        }
        finally
        {
            _crash.Arm(0);
        }
    }

    private static async Task SweepOnceAsync(FileSweep sweep)
    {
        await sweep.EndDueAsync(Cancellation);
        await sweep.SweepAsync(Cancellation);
        await sweep.DropOrphansAsync(Cancellation);
    }

    private FileSweep MakeSweep()
    {
        var bus = new InProcessBus(NullLogger<InProcessBus>.Instance);
        var uploads = Crashing<IUploadStore>.Wrap(Uploads, _crash);
        var open = new OpenUploads(uploads, _clock, NullLogger<OpenUploads>.Instance);
        var publisher = new ChangePublisher(bus, new SqlChatStore(Database, new PresenceTable(_clock)), _clock, NullLogger<ChangePublisher>.Instance);
        var tell = new TellOfFile(publisher, new UploadProgress(Uploads, bus, _clock, NullLogger<UploadProgress>.Instance), open);
        var blobs = Crashing<IBlobStore>.Wrap(_blobs, _crash);
        var backup = new SqlBackupLease(Database);
        var end = new EndFile(uploads, blobs, backup, open, tell, _clock, NullLogger<EndFile>.Instance);
        var leftovers = new DropLeftovers(uploads, blobs, NullLogger<DropLeftovers>.Instance);
        return new FileSweep(Crashing<ISweepStore>.Wrap(Sweeps, _crash), end, blobs, backup, leftovers, open, tell, new TakeTurns(new LonelyLedger(), _clock, NullLogger<TakeTurns>.Instance), _clock, NullLogger<FileSweep>.Instance);
    }

    /// <summary>Sixteen kinds of files, so many of each, written in one go; those of one kind share a message.</summary>
    private async Task<Kinds> FillAsync(Person ana, Person ghost)
    {
        var chat = await GroupAsync(ana, ghost);
        var shown = await SendAsync(ana, chat, "files");
        var kinds = new Kinds();
        var places = new List<FileId>();
        await Database.WriteAsync(
            async sql =>
            {
                for (var i = 0; i < Each; i++)
                    await FillAsync(sql, ana, ghost, shown.Key, kinds, places);
                await sql.ExecuteAsync("UPDATE users SET deleted_at = @Now WHERE id = @Id", new { Now, ghost.Id });
                foreach (var person in (Person[])[ana, ghost])
                {
                    await sql.ExecuteAsync(
                        """
                        INSERT INTO file_usage (user_id, bytes, files, uploads)
                        SELECT @Id, COALESCE(SUM(reserved), 0), SUM(CASE WHEN state = 'ready' THEN 1 ELSE 0 END), SUM(CASE WHEN state IN ('creating', 'uploading') THEN 1 ELSE 0 END)
                        FROM files WHERE owner_id = @Id
                        """,
                        new { person.Id });
                }
            },
            Cancellation);
        foreach (var id in places)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_blobs.PathOf(id))!);
            await File.WriteAllBytesAsync(_blobs.PathOf(id), [1], Cancellation);
        }

        return kinds;
    }

    private static async Task FillAsync(SqlSession sql, Person ana, Person ghost, long message, Kinds kinds, List<FileId> places)
    {
        var old = Now - Day;
        await StaysAsync("ready, in a chat", new Draft(), shown: true);
        await StaysAsync("ready, in no chat yet", new Draft());
        await GoesAsync(SweepActions.RemoveUnused, new Draft { UnusedAt = old });
        var linked = await StaysAsync("unused, with a link", new Draft { UnusedAt = old });
        await sql.ExecuteAsync(
            "INSERT INTO file_links (id, file_no, token_hash, downloads, created_at) SELECT @link, no, @hash, 0, @Now FROM files WHERE id = @linked",
            new { link = new LinkId(Guid.CreateVersion7(Now)), hash = linked.Value.ToByteArray(), Now, linked });
        await StaysAsync("on its way", new Draft { State = FileStates.Uploading });
        await GoesAsync(SweepActions.ExpireUpload, new Draft { State = FileStates.Uploading, ExpiresAt = Now.AddSeconds(-1) });
        await GoesAsync(SweepActions.DropHalfMade, new Draft { State = FileRow.Creating, TouchedAt = Now.AddMinutes(-11) });
        await StaysAsync("being made", new Draft { State = FileRow.Creating, TouchedAt = Now.AddMinutes(5) });
        await GoesAsync(SweepActions.DropBytes, new Draft { State = FileStates.Removed, EndedAt = Now.AddMinutes(-11) });
        await GoesAsync(SweepActions.ExpireFile, new Draft { Mode = RetentionModes.Until, RetentionAt = Now.AddSeconds(-1) });
        await StaysAsync("kept for a while", new Draft { Mode = RetentionModes.Until, RetentionAt = Now.AddDays(1) });
        await GoesAsync(SweepActions.RemoveOfDeleted, new Draft { Owner = ghost.Id });
        var idle = await StaysAsync("quiet for long", new Draft { State = FileStates.Uploading, TouchedAt = Now.AddHours(-2), Reserved = 1000 });
        kinds.Expected.GetOrAdd(SweepActions.GiveBackSpace).Add(idle);

        // The bytes of one that has ended belong to one that has not.
        var first = await InsertAsync(new Draft { State = FileStates.Removed, EndedAt = Now.AddMinutes(-11) }, hasBytes: true);
        kinds.Bytes.Add(first);
        var second = await InsertAsync(new Draft { BytesOf = first }, hasBytes: false);
        kinds.MustStay.Add(second);

        // What is packed goes with its file, and stays with it.
        kinds.Bytes.Add(await PackAsync(await StaysAsync("ready and packed", new Draft())));
        var packed = await InsertAsync(new Draft { State = FileStates.Removed, EndedAt = Now.AddMinutes(-11) }, hasBytes: true);
        kinds.Expected.GetOrAdd(SweepActions.DropBytes).Add(packed);
        await PackAsync(packed);

        // A server died between the bytes and the row.
        var swept = await InsertAsync(new Draft { State = FileStates.Removed, EndedAt = Now.AddMinutes(-11) }, hasBytes: false);
        kinds.Expected.GetOrAdd(SweepActions.DropBytes).Add(swept);

        // Bytes that came when theirs had been taken away.
        var late = await InsertAsync(new Draft { State = FileStates.Removed, EndedAt = old }, hasBytes: true);
        await sql.ExecuteAsync("UPDATE files SET swept_at = @old WHERE id = @late", new { old, late });
        kinds.Expected.GetOrAdd(SweepActions.DropOrphan).Add(late);
        var orphan = new FileId(Guid.CreateVersion7(old));
        kinds.Expected.GetOrAdd(SweepActions.DropOrphan).Add(orphan);
        var young = new FileId(Guid.CreateVersion7(Now.AddMinutes(-30)));
        kinds.Bytes.Add(young);
        places.AddRange([orphan, young]);

        async Task<FileId> StaysAsync(string what, Draft draft, bool shown = false)
        {
            Assert.NotEmpty(what);
            var id = await InsertAsync(draft, hasBytes: true);
            kinds.MustStay.Add(id);
            kinds.Bytes.Add(id);
            if (shown)
            {
                await sql.ExecuteAsync(
                    "INSERT INTO message_files (message_key, place, file_no) SELECT @message, @place, no FROM files WHERE id = @id",
                    new { message, place = kinds.MustStay.Count, id });
            }

            return id;
        }

        async Task GoesAsync(string action, Draft draft) => kinds.Expected.GetOrAdd(action).Add(await InsertAsync(draft, hasBytes: true));

        async Task<FileId> PackAsync(FileId file)
        {
            var id = new FileId(Guid.CreateVersion7(old));
            places.Add(id);
            await sql.ExecuteAsync("INSERT INTO file_packs (file_no, id, size) SELECT no, @id, 1 FROM files WHERE id = @file", new { id, file });
            return id;
        }

        async Task<FileId> InsertAsync(Draft draft, bool hasBytes)
        {
            var id = new FileId(Guid.CreateVersion7(old));
            if (hasBytes)
                places.Add(id);
            await sql.ExecuteAsync(
                """
                INSERT INTO files (id, bytes_no, owner_id, state, kind, filename, mime, size, chunk_size, received_bytes, received_chunks, reserved,
                    retention_mode, retention_at, downloads, created_at, touched_at, expires_at, ready_at, unused_at, ended_at)
                VALUES (@id, (SELECT no FROM files WHERE id = @BytesOf), @owner, @State, 'document', 'a', 'text/plain', 1, 1048576, 1, 1, @reserved,
                    @Mode, @RetentionAt, 0, @old, @TouchedAt, @ExpiresAt, @readyAt, @UnusedAt, @EndedAt)
                """,
                new
                {
                    id,
                    draft.BytesOf,
                    owner = draft.Owner ?? ana.Id,
                    draft.State,
                    reserved = draft.EndedAt is null ? draft.Reserved : 0,
                    draft.Mode,
                    draft.RetentionAt,
                    old,
                    draft.TouchedAt,
                    draft.ExpiresAt,
                    readyAt = draft.State is FileStates.Ready or FileStates.Removed ? old : (DateTimeOffset?)null,
                    draft.UnusedAt,
                    draft.EndedAt,
                });
            return id;
        }
    }

    private async Task AssertNothingMissingAsync(Kinds kinds, string when)
    {
        var bytes = await BytesAsync();
        var rows = await RowsAsync();
        var byNo = rows.Values.ToDictionary(row => row.No);
        foreach (var row in rows.Values.Where(row => row.EndedAt is null))
            Assert.True(bytes.Contains(row.BytesNo is { } no ? byNo[no].Id : row.Id), $"{when}: the bytes of {row.Id} ({row.State}) are gone");
        Assert.True(kinds.MustStay.All(id => rows[id].EndedAt is null), $"{when}: a file that somebody needs has ended");
        Assert.True(kinds.Bytes.All(bytes.Contains), $"{when}: bytes that somebody needs are gone");
    }

    private async Task<HashSet<FileId>> BytesAsync()
    {
        var found = new HashSet<FileId>();
        await foreach (var id in _blobs.ListAsync(Cancellation))
            found.Add(id);
        return found;
    }

    private async Task<Dictionary<FileId, FileRow>> RowsAsync() =>
        (await Database.ReadAsync(sql => sql.ListAsync<FileRow>(SqlFiles.Select), Cancellation)).ToDictionary(row => row.Id);

    private sealed record Draft
    {
        public UserId? Owner { get; init; }

        public string State { get; init; } = FileStates.Ready;

        public string Mode { get; init; } = RetentionModes.Keep;

        public long Reserved { get; init; } = 1;

        public FileId? BytesOf { get; init; }

        public DateTimeOffset? RetentionAt { get; init; }

        public DateTimeOffset TouchedAt { get; init; } = Now;

        public DateTimeOffset ExpiresAt { get; init; } = Now.AddDays(1);

        public DateTimeOffset? UnusedAt { get; init; }

        public DateTimeOffset? EndedAt { get; init; }
    }

    private sealed class Kinds
    {
        /// <summary>What is to happen to which.</summary>
        public ExpectedActions Expected { get; } = [];

        public HashSet<FileId> MustStay { get; } = [];

        /// <summary>Whose bytes are there at the end.</summary>
        public HashSet<FileId> Bytes { get; } = [];
    }

    private sealed class ExpectedActions : Dictionary<string, List<FileId>>
    {
        public List<FileId> GetOrAdd(string action)
        {
            if (!TryGetValue(action, out var ids))
                this[action] = ids = [];
            return ids;
        }
    }
}

public sealed class SweepOnSqlite(SqliteEngine engine) : SweepSpec(engine), IClassFixture<SqliteEngine>;

public sealed class SweepOnPostgres(PostgresEngine engine) : SweepSpec(engine), IClassFixture<PostgresEngine>;
