using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Messages;
using Hypersend.EngineSpecs.Engines;
using Hypersend.EngineSpecs.Messages;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Previews;
using Hypersend.Server.Realtime;

namespace Hypersend.EngineSpecs.Previews;

/// <summary>IPreviewStore: pages that are remembered, pictures that are shown, and messages that have a preview or want none.</summary>
public abstract class PreviewStoreSpec(Engine engine) : ConversationSpec(engine)
{
    private const string Link = "https://example.org/page";

    private protected IPreviewStore Store => new SqlPreviewStore(Database);

    [Fact]
    public async Task A_page_is_remembered_for_its_time_also_one_that_had_nothing_to_show()
    {
        var (page, empty) = (Secret(), Secret());
        var image = ImageOf();
        await Store.KeepAsync(page, new KnownPage(Card("First"), image.Id), image, Now, Now.AddHours(1), Cancellation);
        await Store.KeepAsync(empty, new KnownPage(null, null), null, Now, Now.AddHours(1), Cancellation);

        Assert.Equal(new KnownPage(Card("First"), image.Id), await Store.FindAsync(page, Now, Cancellation));
        Assert.Equal(new KnownPage(null, null), await Store.FindAsync(empty, Now, Cancellation));
        Assert.Null(await Store.FindAsync(page, Now.AddHours(1), Cancellation));
        Assert.Null(await Store.FindAsync(Secret(), Now, Cancellation));
        var kept = (await Store.FindImageAsync(image.Id, Cancellation))!;
        Assert.Equal("image/png", kept.Mime);
        Assert.Equal(image.Bytes, kept.Bytes);
        await Store.KeepAsync(page, new KnownPage(Card("Second"), null), null, Now, Now.AddHours(2), Cancellation);
        Assert.Equal("Second", (await Store.FindAsync(page, Now.AddHours(1), Cancellation))!.Card!.Title);
    }

    [Fact]
    public async Task A_message_gets_the_preview_of_its_own_link_once_and_with_a_new_rev()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        var row = await SendAsync(ana, chat, "look: " + Link);

        var change = (await Store.AttachAsync(row.Key, Card("A page"), null, Now, Cancellation))!;

        var step = Assert.IsType<MessageStep>(Assert.Single(change.Steps));
        Assert.Equal(row.Key, step.Message.Key);
        Assert.True(step.Message.RevKey > row.RevKey);
        Assert.NotNull(step.Message.Preview);
        Assert.Null(await Store.AttachAsync(row.Key, Card("A page"), null, Now, Cancellation));
        Assert.Null(await Store.AttachAsync(row.Key, Card("Another") with { Url = "https://example.org/other" }, null, Now, Cancellation));
        Assert.Null(await Store.AttachAsync(MessageKey.Of(MessageKey.ChatOf(row.Key), 99), Card("A page"), null, Now, Cancellation));
        await AssertWholeAsync(chat);
    }

    [Fact]
    public async Task A_message_that_is_gone_or_was_edited_gets_none()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        var (gone, edited) = (await SendAsync(ana, chat, Link), await SendAsync(ana, chat, Link));
        Answer(await Messages.DeleteAsync(ana.Id, IdOf(chat, gone), Now, Cancellation));
        Answer(await Messages.EditAsync(ana.Id, IdOf(chat, edited), "without a link", Now, Cancellation));

        Assert.False(await Store.IsWantedAsync(gone.Key, Cancellation));
        Assert.True(await Store.IsWantedAsync(edited.Key, Cancellation));
        Assert.Null(await Store.AttachAsync(gone.Key, Card("A page"), null, Now, Cancellation));
        Assert.Null(await Store.AttachAsync(edited.Key, Card("A page"), null, Now, Cancellation));
    }

    [Fact]
    public async Task What_is_taken_off_stays_off_and_only_the_author_and_the_staff_may()
    {
        var (ana, bob, eve) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"));
        var chat = await GroupAsync(ana, bob, eve);
        var row = await SendAsync(bob, chat, Link);
        await Store.AttachAsync(row.Key, Card("A page"), null, Now, Cancellation);
        var id = IdOf(chat, row);

        Refused(ErrorCodes.Forbidden, await Store.RemoveAsync(eve.Id, id, Now, Cancellation));
        Refused(ErrorCodes.NotFound, await Store.RemoveAsync((await JoinAsync("stranger")).Id, id, Now, Cancellation));
        Assert.NotNull(Answer(await Store.RemoveAsync(bob.Id, id, Now, Cancellation)).Change);
        Assert.Null(Answer(await Store.RemoveAsync(ana.Id, id, Now, Cancellation)).Change);

        Assert.False(await Store.IsWantedAsync(row.Key, Cancellation));
        Assert.Null(await Store.AttachAsync(row.Key, Card("A page"), null, Now, Cancellation));
    }

    [Fact]
    public async Task A_picture_stays_while_a_message_shows_it_or_a_page_is_remembered_and_for_its_first_hour()
    {
        var ana = await JoinAsync("ana");
        var row = await SendAsync(ana, await GroupAsync(ana), Link);
        var (shown, remembered, loose) = (ImageOf(), ImageOf(), ImageOf());
        var pages = new[] { Secret(), Secret(), Secret() };
        await Store.KeepAsync(pages[0], new KnownPage(Card("A page"), shown.Id), shown, Now, Now.AddMinutes(1), Cancellation);
        await Store.KeepAsync(pages[1], new KnownPage(Card("A page"), remembered.Id), remembered, Now, Now.AddDays(1), Cancellation);
        await Store.KeepAsync(pages[2], new KnownPage(Card("A page"), loose.Id), loose, Now, Now.AddMinutes(1), Cancellation);
        await Store.AttachAsync(row.Key, Card("A page"), shown.Id, Now, Cancellation);

        await Store.SweepAsync(Now.AddMinutes(30), Cancellation);
        Assert.NotNull(await Store.FindImageAsync(loose.Id, Cancellation));
        await Store.SweepAsync(Now.AddHours(2), Cancellation);

        Assert.Null(await Store.FindImageAsync(loose.Id, Cancellation));
        Assert.NotNull(await Store.FindImageAsync(shown.Id, Cancellation));
        Assert.NotNull(await Store.FindImageAsync(remembered.Id, Cancellation));
        Assert.Null(await Store.FindAsync(pages[0], Now, Cancellation));
    }

    private static LinkPreview Card(string title) => new() { Url = Link, Title = title, Site = "example.org", Description = "Ein Stück 漢字" };

    private static PreviewImage ImageOf() => new() { Id = Guid.CreateVersion7(Now), Mime = "image/png", Bytes = RandomNumberGenerator.GetBytes(300) };
}

public sealed class PreviewStoreOnSqlite(SqliteEngine engine) : PreviewStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class PreviewStoreOnPostgres(PostgresEngine engine) : PreviewStoreSpec(engine), IClassFixture<PostgresEngine>;
