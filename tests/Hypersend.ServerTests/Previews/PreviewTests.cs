using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.ServerTests.Authorization;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Push;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Previews;

/// <summary>That a message got no preview is said by one that was sent after it, and has one.</summary>
public sealed class PreviewTests(PageServer pages) : IClassFixture<PageServer>
{
    private App App => pages.App;

    [Fact]
    public async Task A_link_gets_a_preview_by_an_event_and_its_picture_comes_from_here()
    {
        pages.Put("cup.png", Samples.Png, "application/octet-stream");
        var link = pages.Put("cafe", "<title>x</title><meta property=og:title content='Café'><meta name=description content='A place'><meta property=og:site_name content='Cafés'><meta property=og:image content='/cup.png'>");
        var (ana, chat) = await GroupAsync();
        await using var socket = await SocketClient.OpenAsync(App, ana);
        await socket.HelloAsync();

        var sent = await ana.SendAsync(chat, $"Look: {link}!");
        var updated = await socket.NextAsync("message.updated");
        var preview = (await ana.HistoryAsync(chat))[^1].Preview!;

        Assert.Null(sent.Preview);
        Assert.Equal(preview.ImageUrl, (string?)updated["message"]!["preview"]!["image_url"]);
        Assert.Equal((link, "Café", "A place", "Cafés"), (preview.Url, preview.Title, preview.Description, preview.Site));
        using var picture = await ana.SendAsync(HttpMethod.Get, preview.ImageUrl!);
        Assert.Equal((200, "image/png"), ((int)picture.StatusCode, picture.Content.Headers.ContentType!.MediaType));
        Assert.Equal(Samples.Png, await picture.Content.ReadAsByteArrayAsync());
        await App.SendAsync(HttpMethod.Get, preview.ImageUrl!).RefusedAsync(401, ErrorCodes.NotAuthenticated);
    }

    [Fact]
    public async Task A_page_is_asked_once_for_all_who_link_to_it()
    {
        var link = pages.Put("once", "<title>Once</title>");
        var (ana, chat) = await GroupAsync();

        await PreviewOfAsync(ana, await ana.SendAsync(chat, link));
        await PreviewOfAsync(ana, await ana.SendAsync(chat, link + "#part"));

        Assert.Equal(1, pages.Asked("once"));
    }

    [Fact]
    public async Task Who_wants_no_preview_gets_none()
    {
        var link = pages.Put("quiet", "<title>Quiet</title>");
        var (ana, chat) = await GroupAsync();

        var quiet = await ana.SendAsync(new SendMessageRequest { ChatId = chat, Content = link, NoPreview = true });
        await PreviewOfAsync(ana, await ana.SendAsync(chat, pages.Put("loud", "<title>Loud</title>")));

        Assert.Null((await ana.Messages.GetAsync(quiet.Id)).Preview);
        Assert.Equal(0, pages.Asked("quiet"));
    }

    [Fact]
    public async Task A_preview_that_was_taken_off_stays_off_and_an_edit_brings_another()
    {
        var (ana, chat) = await GroupAsync();
        var sent = await ana.SendAsync(chat, pages.Put("first", "<title>First</title>"));
        Assert.Equal("First", (await PreviewOfAsync(ana, sent)).Title);

        await ana.Messages.EditAsync(sent.Id, pages.Put("second", "<title>Second</title>"));
        Assert.Equal("Second", (await PreviewOfAsync(ana, sent)).Title);
        await ana.Messages.RemovePreviewAsync(sent.Id);
        await ana.Messages.EditAsync(sent.Id, pages.Put("third", "<title>Third</title>"));
        await PreviewOfAsync(ana, await ana.SendAsync(chat, pages.Put("after", "<title>After</title>")));

        Assert.Null((await ana.Messages.GetAsync(sent.Id)).Preview);
        Assert.Equal(0, pages.Asked("third"));
    }

    [Fact]
    public async Task Three_redirects_are_followed_and_a_fourth_is_not()
    {
        pages.Put("end", "<title>The end</title>");
        pages.Redirect("r1", "/end");
        pages.Redirect("r2", "/r1");
        var three = pages.Redirect("r3", "/r2");
        var four = pages.Redirect("r4", "/r3");
        var (ana, chat) = await GroupAsync();

        var far = await ana.SendAsync(chat, four);
        Assert.Equal("The end", (await PreviewOfAsync(ana, await ana.SendAsync(chat, three))).Title);

        await Eventually.TrueAsync(() => Task.FromResult(pages.Asked("r1") >= 2));
        Assert.Null((await ana.Messages.GetAsync(far.Id)).Preview);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    public async Task What_is_no_page_has_no_preview(string type)
    {
        var path = "no-page-" + type.Replace('/', '-');
        var link = pages.Put(path, "<title>Not a page</title>", type);
        var (ana, chat) = await GroupAsync();

        var sent = await ana.SendAsync(chat, link);
        await Eventually.TrueAsync(() => Task.FromResult(pages.Asked(path) == 1));
        await PreviewOfAsync(ana, await ana.SendAsync(chat, pages.Put("page-after-" + path, "<title>Page</title>")));

        Assert.Null((await ana.Messages.GetAsync(sent.Id)).Preview);
    }

    [Fact]
    public async Task A_page_without_end_is_read_as_far_as_it_goes_and_a_picture_that_is_none_is_left_out()
    {
        pages.Put("evil.svg", "<svg onload=alert(1)>", "image/png");
        var link = pages.Put("long", "<title>Long</title><meta property=og:image content=/evil.svg>" + new string('x', 3 * 1024 * 1024));
        var (ana, chat) = await GroupAsync();

        var preview = await PreviewOfAsync(ana, await ana.SendAsync(chat, link));

        Assert.Equal(("Long", null, "127.0.0.1"), (preview.Title, preview.ImageUrl, preview.Site));
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("no-such-charset")]
    public async Task A_page_in_an_encoding_that_is_not_read_is_read_as_the_usual_one_and_asked_once(string charset)
    {
        var link = pages.Put(charset, "<title>Grüße</title>", "text/html; charset=" + charset);
        var (ana, chat) = await GroupAsync();

        Assert.Equal("Grüße", (await PreviewOfAsync(ana, await ana.SendAsync(chat, link))).Title);
        await PreviewOfAsync(ana, await ana.SendAsync(chat, link));

        Assert.Equal(1, pages.Asked(charset));
    }

    [Fact]
    public async Task A_deleted_message_has_no_preview()
    {
        var (ana, chat) = await GroupAsync();
        var sent = await ana.SendAsync(chat, pages.Put("gone", "<title>Gone</title>"));
        await PreviewOfAsync(ana, sent);

        await ana.Messages.DeleteAsync(sent.Id);

        Assert.Null((await ana.HistoryAsync(chat))[^1].Preview);
    }

    private async Task<(Person Ana, ChatId Chat)> GroupAsync()
    {
        var ana = await App.SignUpAsync("ana");
        return (ana, await App.GroupAsync(ana));
    }

    private static async Task<LinkPreview> PreviewOfAsync(Person person, Message sent)
    {
        LinkPreview? preview = null;
        await Eventually.TrueAsync(async () => (preview = (await person.Messages.GetAsync(sent.Id)).Preview) is not null);
        return preview!;
    }
}
