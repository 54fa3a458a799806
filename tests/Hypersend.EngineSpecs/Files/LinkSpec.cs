using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Links;

namespace Hypersend.EngineSpecs.Files;

/// <summary>Links to files: whose they are, how long they are good, who counts.</summary>
public abstract class LinkSpec(Engine engine) : FileSpec(engine)
{
    private protected ILinkStore Links => new SqlLinkStore(Database);

    [Fact]
    public async Task Only_the_owner_of_a_file_shares_it_and_a_member_is_told_so()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var chat = await GroupAsync(ana, ben);
        var file = await ReadyAsync(NewFileOf(ana, 10));
        await SendFileAsync(ana, chat, file.Id);
        var link = Answer(await Links.AddAsync(ana.Id, file.Id, NewLinkOf(out var hash), Now, Cancellation));
        Refused(ErrorCodes.Forbidden, await Links.AddAsync(ben.Id, file.Id, NewLinkOf(out _), Now, Cancellation));
        Refused(ErrorCodes.NotFound, await Links.AddAsync(eve.Id, file.Id, NewLinkOf(out _), Now, Cancellation));
        Refused(ErrorCodes.Forbidden, await Links.ListAsync(ben.Id, file.Id, Cancellation));
        Assert.Equal(link.Id, Assert.Single(Answer(await Links.ListAsync(ana.Id, file.Id, Cancellation))).Id);
        Assert.Equal((link.Id, file.Id), ((await Links.FindAsync(hash, Cancellation))!.Link.Id, (await Links.FindAsync(hash, Cancellation))!.File.Id));
        Assert.False(await Links.DeleteAsync(ben.Id, link.Id, Cancellation));
        Assert.True(await Links.DeleteAsync(ana.Id, link.Id, Cancellation));
        Assert.Null(await Links.FindAsync(hash, Cancellation));
        Assert.Equal(ErrorCodes.NotFound, (await Links.TakeAsync(link.Id, "c:1", null, Now, Cancellation))?.Code);
    }

    [Fact]
    public async Task A_visitor_counts_once_and_one_without_cookies_once_an_hour()
    {
        var ana = await JoinAsync("ana");
        var file = await ReadyAsync(NewFileOf(ana, 10));
        var link = Answer(await Links.AddAsync(ana.Id, file.Id, NewLinkOf(out var hash) with { MaxDownloads = 3 }, Now, Cancellation));
        for (var range = 0; range < 3; range++)
        {
            Assert.Null(await Links.TakeAsync(link.Id, "c:1", null, Now.AddHours(range), Cancellation));
            Assert.Null(await Links.TakeAsync(link.Id, "a:1", Now.AddHours(-1), Now.AddMinutes(range), Cancellation));
        }

        Assert.Equal(2, (await Links.FindAsync(hash, Cancellation))!.Link.Downloads);

        // Each use makes the hour begin anew, and so does a download that runs; after one without any, it is another visit.
        Assert.Null(await Links.TakeAsync(link.Id, "a:1", Now.AddMinutes(1), Now.AddMinutes(61), Cancellation));
        await Links.SeenAsync(link.Id, "a:1", Now.AddMinutes(120), Cancellation);
        Assert.Null(await Links.TakeAsync(link.Id, "a:1", Now.AddMinutes(119), Now.AddMinutes(179), Cancellation));
        Assert.Equal(2, (await Links.FindAsync(hash, Cancellation))!.Link.Downloads);
        Assert.Null(await Links.TakeAsync(link.Id, "a:1", Now.AddMinutes(179), Now.AddMinutes(239), Cancellation));
        Assert.Equal(ErrorCodes.LinkGone, (await Links.TakeAsync(link.Id, "c:2", null, Now, Cancellation))?.Code);
        Assert.Null(await Links.TakeAsync(link.Id, "c:1", null, Now, Cancellation));
    }

    [Fact]
    public async Task Many_visitors_at_once_never_get_more_than_there_are()
    {
        var ana = await JoinAsync("ana");
        var file = await ReadyAsync(NewFileOf(ana, 10, RetentionModes.Downloads) with { RetentionCount = 5 });
        var link = Answer(await Links.AddAsync(ana.Id, file.Id, NewLinkOf(out _) with { MaxDownloads = 3 }, Now, Cancellation));
        var answers = await Race.RunAsync(12, async i => await Links.TakeAsync(link.Id, $"c:{i}", null, Now, Cancellation) is null);
        Assert.Equal(3, answers.Count(granted => granted));
        var other = Answer(await Links.AddAsync(ana.Id, file.Id, NewLinkOf(out _), Now, Cancellation));
        var left = await Race.RunAsync(4, async i => await Links.TakeAsync(other.Id, $"c:{i}", null, Now, Cancellation) is null);

        // A visit that the link refuses takes none of the file's downloads.
        Assert.Equal(2, left.Count(granted => granted));
        Assert.Equal(5, (await FileAsync(file.Id)).Downloads);
    }

    [Fact]
    public async Task A_link_is_over_with_its_time_with_that_of_its_file_and_with_its_file()
    {
        var ana = await JoinAsync("ana");
        var file = await ReadyAsync(NewFileOf(ana, 10, RetentionModes.Until) with { RetentionAt = Now.AddDays(2) });
        var link = Answer(await Links.AddAsync(ana.Id, file.Id, NewLinkOf(out var hash) with { ExpiresAt = Now.AddDays(1) }, Now, Cancellation));
        var found = (await Links.FindAsync(hash, Cancellation))!;
        Assert.Equal(Now.AddDays(1), found.EndsAt);
        Assert.False(found.IsOver(Now));
        Assert.True(found.IsOver(Now.AddDays(1)));
        Assert.Equal(ErrorCodes.LinkGone, (await Links.TakeAsync(link.Id, "c:1", null, Now.AddDays(1), Cancellation))?.Code);
        var lasting = Answer(await Links.AddAsync(ana.Id, file.Id, NewLinkOf(out _), Now, Cancellation));
        Assert.Equal(ErrorCodes.FileGone, (await Links.TakeAsync(lasting.Id, "c:1", null, Now.AddDays(2), Cancellation))?.Code);
        Assert.NotNull(await Uploads.EndAsync(file.Id, FileStates.Removed, Now, Cancellation));
        Assert.True((await Links.FindAsync(hash, Cancellation))!.IsOver(Now));
        Refused(ErrorCodes.FileGone, await Links.AddAsync(ana.Id, file.Id, NewLinkOf(out _), Now, Cancellation));
    }

    private static NewLink NewLinkOf(out byte[] hash)
    {
        hash = RandomNumberGenerator.GetBytes(32);
        return new NewLink(new LinkId(Guid.CreateVersion7(Now)), hash, PasswordHash: null, MaxDownloads: null, ExpiresAt: null);
    }
}

public sealed class LinksOnSqlite(SqliteEngine engine) : LinkSpec(engine), IClassFixture<SqliteEngine>;

public sealed class LinksOnPostgres(PostgresEngine engine) : LinkSpec(engine), IClassFixture<PostgresEngine>;
