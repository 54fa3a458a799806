using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Hypersend.Contracts.Files;
using Hypersend.Server.Features.Links;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

public sealed class LinkTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task The_page_of_a_link_says_what_is_there_without_a_script()
    {
        await using var app = await App.StartAsync(_clock);
        var ana = await app.SignUpAsync("ana");
        var file = await ana.UploadAsync(filename: "R&D plan.txt");
        var link = await ana.Files.CreateLinkAsync(file, new CreateLinkRequest { ExpiresIn = 90_000, MaxDownloads = 2 });
        Assert.Contains("/s/", link.Url, StringComparison.Ordinal);
        Assert.Null(Assert.Single((await ana.Files.ListLinksAsync(file)).Items).Url);

        using var answer = await GetAsync(app, link.Url!, "text/html");
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("<bdi>R&amp;D plan.txt</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("12 bytes", page, StringComparison.Ordinal);
        Assert.Contains("1 d 1 h", page, StringComparison.Ordinal);
        Assert.Contains("/download\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Contains("hs_visitor", Cookies.Of(answer).Keys);

        // curl says that it takes anything, and gets the page too.
        using var plain = await GetAsync(app, link.Url!, "*/*");
        Assert.Equal("text/html", plain.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_link_needs_no_wishes_and_wishes_that_make_no_sense_are_told()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        var path = $"/api/v1/files/{await ana.UploadAsync()}/link";

        using (await ana.SendAsync(HttpMethod.Post, path, (HttpContent?)null).AnsweredAsync(201))
        {
            var problem = await ana.PostAsync(path, """{"expires_in":1000000000000}""").RefusedAsync(422, Contracts.Errors.ErrorCodes.ValidationFailed);
            Assert.Equal(["must be 1 second to 10 years"], problem.Errors!["expires_in"]);
        }
    }

    [Theory]
    [InlineData("ar-EG,ar;q=0.9,en;q=0.5", "ar", "rtl")]
    [InlineData("ur", "ur", "rtl")]
    [InlineData("xx, de;q=0.5, fr;q=0.8", "fr", "ltr")]
    [InlineData("zh-Hans-CN", "zh", "ltr")]
    [InlineData("xx", "en", "ltr")]
    public async Task It_speaks_the_language_of_the_browser(string wanted, string language, string direction)
    {
        await using var app = await App.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/s/unknown");
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.TryAddWithoutValidation("Accept-Language", wanted);
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains($"<html lang=\"{language}\" dir=\"{direction}\">", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", 1, "1 byte")]
    [InlineData("en", 1_234_567, "1.2 MB")]
    [InlineData("de", 1_234_567, "1,2 MB")]
    [InlineData("fr", 512_000, "512 ko")]
    [InlineData("ar", 512_000, "512 كيلوبايت")]
    [InlineData("ar", 999, "999 بايت")]
    [InlineData("te", 40_000_000_000, "40 జీబీ")]
    [InlineData("zh", 999, "999字节")]
    [InlineData("hi", 2_500_000_000_000, "2.5 TB")]
    public void Sizes_are_said_as_in_the_web_app(string language, long size, string said) => Assert.Equal(said, LinkSizes.Text(language, size));

    [Fact]
    public async Task A_page_in_Arabic_names_the_size_in_Arabic()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        var link = await ana.Files.CreateLinkAsync(await ana.UploadAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(link.Url!).PathAndQuery);
        request.Headers.TryAddWithoutValidation("Accept-Language", "ar");
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("<bdi>12 بايت</bdi>", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void It_speaks_all_languages_of_the_web_app() =>
        Assert.Equal(["ar", "bho", "bn", "de", "en", "fr", "gu", "hi", "ja", "mr", "pa", "ta", "te", "ur", "zh"], LinkTexts.Codes.Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_password_opens_the_page_by_the_form_or_by_basic_and_for_this_link_only()
    {
        await using var app = await App.StartAsync(_clock);
        var ana = await app.SignUpAsync("ana");
        var file = await ana.UploadAsync(filename: "secret-name.txt");
        var link = await ana.Files.CreateLinkAsync(file, new CreateLinkRequest { Password = "pässwörd" });
        var other = await ana.Files.CreateLinkAsync(file, new CreateLinkRequest { Password = "another" });
        Assert.True(link.HasPassword);

        using var asked = await GetAsync(app, link.Url!, "text/html");
        var form = await asked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Contains("type=\"password\"", form, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-name", form, StringComparison.Ordinal);
        using var wrong = await PostAsync(app, link.Url!, "wrong");
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);

        using var right = await PostAsync(app, link.Url!, "pässwörd");
        Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
        var pass = Cookies.Of(right)["hs_link"];
        Assert.Contains("httponly", pass.Attributes);
        await AssertShownAsync(link.Url!, HttpStatusCode.OK, pass.Header);
        await AssertShownAsync(other.Url!, HttpStatusCode.OK, pass.Header, isShown: false);
        await AssertShownAsync(link.Url!, HttpStatusCode.OK, ("Authorization", Basic("pässwörd")));
        await AssertShownAsync(link.Url!, HttpStatusCode.Unauthorized, ("Authorization", Basic("wrong")), isShown: false);
        _clock.Advance(TimeSpan.FromMinutes(61));
        await AssertShownAsync(link.Url!, HttpStatusCode.OK, pass.Header, isShown: false);

        async Task AssertShownAsync(string url, HttpStatusCode status, (string Name, string Value) header, bool isShown = true)
        {
            using var answer = await app.SendAsync(HttpMethod.Get, new Uri(url).AbsolutePath, null, header);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(isShown, (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains("secret-name", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Guessing_a_password_slows_down()
    {
        await using var app = await App.StartAsync(_clock, "--RATE_LIMITS=on");
        var ana = await app.SignUpAsync("ana");
        var link = await ana.Files.CreateLinkAsync(await ana.UploadAsync(), new CreateLinkRequest { Password = "password-of-it" });
        for (var guess = 0; guess < 5; guess++)
        {
            using var wrong = await PostAsync(app, link.Url!, "wrong");
            Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        }

        using var slowed = await PostAsync(app, link.Url!, "password-of-it");
        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.StatusCode);
        Assert.NotNull(slowed.Headers.RetryAfter);
        _clock.Advance(TimeSpan.FromSeconds(2));
        using var right = await PostAsync(app, link.Url!, "password-of-it");
        Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
    }

    [Fact]
    public async Task A_link_that_is_withdrawn_or_over_leads_nowhere()
    {
        await using var app = await App.StartAsync(_clock);
        var ana = await app.SignUpAsync("ana");
        var file = await ana.UploadAsync();
        var (withdrawn, over, kept) = (await ana.Files.CreateLinkAsync(file), await ana.Files.CreateLinkAsync(file, new CreateLinkRequest { ExpiresIn = 60 }), await ana.Files.CreateLinkAsync(file));
        await ana.Files.DeleteLinkAsync(withdrawn.Id);
        await app.SendAsync(HttpMethod.Get, new Uri(withdrawn.Url!).AbsolutePath).RefusedAsync(404, "not_found");
        _clock.Advance(TimeSpan.FromSeconds(60));
        await app.SendAsync(HttpMethod.Get, new Uri(over.Url!).AbsolutePath).RefusedAsync(410, "link_gone");
        await ana.Files.DeleteAsync(file);
        await app.SendAsync(HttpMethod.Get, new Uri(kept.Url!).AbsolutePath).RefusedAsync(410, "file_gone");
        using var page = await GetAsync(app, kept.Url!, "text/html");
        Assert.Equal((HttpStatusCode.Gone, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task The_bytes_come_by_any_range_and_a_visitor_counts_once()
    {
        await using var app = await App.StartAsync(_clock);
        var ana = await app.SignUpAsync("ana");
        var file = await ana.UploadAsync();
        var link = await ana.Files.CreateLinkAsync(file, new CreateLinkRequest { MaxDownloads = 2 });
        var path = new Uri(link.Url!).AbsolutePath;
        using var head = await app.SendAsync(HttpMethod.Head, path + "/download");
        Assert.Equal((HttpStatusCode.OK, 12L), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Equal("what it says", await BytesAsync(200));
        Assert.Equal("it", await BytesAsync(206, ("Range", "bytes=5-6")));
        Assert.Equal(1, Assert.Single((await ana.Files.ListLinksAsync(file)).Items).Downloads);

        // A browser that opened the page is another visitor, and then there is none left.
        using var page = await GetAsync(app, link.Url!, "text/html");
        var browser = Cookies.Of(page)["hs_visitor"].Header;
        Assert.Equal("what it says", await BytesAsync(200, browser));
        Assert.Equal("says", await BytesAsync(206, browser, ("Range", "bytes=-4")));
        await app.SendAsync(HttpMethod.Get, path + "/download", null, ("User-Agent", "another")).RefusedAsync(410, "link_gone");
        Assert.Equal("what", await BytesAsync(206, ("Range", "bytes=0-3")));
        Assert.Equal(2, Assert.Single((await ana.Files.ListLinksAsync(file)).Items).Downloads);

        async Task<string> BytesAsync(int status, params (string, string)[] headers)
        {
            using var answer = await app.SendAsync(HttpMethod.Get, path + "/download", null, headers).AnsweredAsync(status);
            Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData(true, "link_gone")]
    [InlineData(false, "file_gone")]
    public async Task The_page_of_what_is_used_up_says_so_to_everybody_but_who_used_it(bool byLink, string code)
    {
        await using var app = await App.StartAsync(_clock);
        var ana = await app.SignUpAsync("ana");
        var file = await ana.UploadAsync(retention: byLink ? null : new Retention { Mode = RetentionModes.Downloads, Count = 1 });
        var link = await ana.Files.CreateLinkAsync(file, new CreateLinkRequest { MaxDownloads = byLink ? 1 : null });
        var path = new Uri(link.Url!).AbsolutePath;
        using var first = await GetAsync(app, link.Url!, "text/html");
        var (browser, whole) = (Cookies.Of(first)["hs_visitor"].Header, await first.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        using var asked = await app.SendAsync(HttpMethod.Head, path, null, ("Accept", "text/html"));
        Assert.Equal((HttpStatusCode.OK, "text/html", (long?)whole.Length), (asked.StatusCode, asked.Content.Headers.ContentType?.MediaType, asked.Content.Headers.ContentLength));

        using var part = await app.SendAsync(HttpMethod.Get, path + "/download", null, browser, ("Range", "bytes=0-3")).AnsweredAsync(206);
        using var again = await app.SendAsync(HttpMethod.Get, path, null, browser).AnsweredAsync(200);
        using var late = await GetAsync(app, link.Url!, "text/html");
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);
        Assert.Contains(LinkTexts.For(new DefaultHttpContext().Request).GoneText, await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var gone = await app.SendAsync(HttpMethod.Head, path, null, ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        await app.SendAsync(HttpMethod.Get, path).RefusedAsync(410, code);
    }

    [Fact]
    public async Task The_bytes_need_the_password_too_and_the_last_of_a_counted_file_ends_it()
    {
        await using var app = await App.StartAsync(_clock);
        var ana = await app.SignUpAsync("ana");
        var chat = await ana.RoomAsync();
        await using var socket = await SocketClient.OpenAsync(app, ana);
        var file = await ana.UploadAsync(chat, retention: new Retention { Mode = RetentionModes.Downloads, Count = 1 });
        var link = await ana.Files.CreateLinkAsync(file, new CreateLinkRequest { Password = "open sesame" });
        var path = new Uri(link.Url!).AbsolutePath + "/download";
        using var refused = await app.SendAsync(HttpMethod.Get, path);
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (refused.StatusCode, refused.Headers.WwwAuthenticate.Single().Scheme));
        await app.SendAsync(HttpMethod.Get, path, null, ("Authorization", Basic("wrong"))).RefusedAsync(401, "link_password");
        using var asked = await GetAsync(app, link.Url! + "/download", "text/html");
        Assert.Equal((HttpStatusCode.SeeOther, new Uri(link.Url!).AbsolutePath), (asked.StatusCode, asked.Headers.Location?.ToString()));

        using var part = await app.SendAsync(HttpMethod.Get, path, null, ("Authorization", Basic("open sesame")), ("Range", "bytes=0-3")).AnsweredAsync(206);
        Assert.Equal("what", await part.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(FileStates.Ready, (await ana.Files.GetAsync(file)).State);
        using var rest = await app.SendAsync(HttpMethod.Get, path, null, ("Authorization", Basic("open sesame")), ("Range", "bytes=4-")).AnsweredAsync(206);
        Assert.Equal(" it says", await rest.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await app.NoDownloadRunsAsync();
        await socket.NextAsync("file.removed");
        await app.SendAsync(HttpMethod.Get, path, null, ("Authorization", Basic("open sesame"))).RefusedAsync(410, "file_gone");
    }

    private const string StarWithoutName = "--x\r\nContent-Disposition: form-data; name=\"password\"; filename*\r\n\r\nno name\r\n--x--\r\n";

    [Theory]
    [InlineData("/api/upload-image")]
    [InlineData("/api/upload-file")]
    [InlineData("/api/v1/users/me/avatar")]
    public async Task A_part_whose_name_has_a_star_and_no_value_is_its_senders_mistake(string path)
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        using var form = new StringContent(StarWithoutName);
        form.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        await ana.SendAsync(path.EndsWith("avatar", StringComparison.Ordinal) ? HttpMethod.Put : HttpMethod.Post, path, form).RefusedAsync(400, "malformed_request");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "password=%00")]
    [InlineData("application/x-www-form-urlencoded", "1025 fields")]
    [InlineData("multipart/form-data; boundary=x", "no form")]
    [InlineData("multipart/form-data", "no boundary")]
    [InlineData("multipart/form-data; boundary=x", StarWithoutName)]
    public async Task A_form_that_cannot_be_read_is_the_visitors_mistake(string type, string body)
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        var link = await ana.Files.CreateLinkAsync(await ana.UploadAsync(), new CreateLinkRequest { Password = "open sesame" });
        using var form = new StringContent(body == "1025 fields" ? string.Join('&', Enumerable.Range(0, 1025).Select(n => $"f{n}=")) : body);
        form.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        await app.Http.PostAsync(new Uri(link.Url!).AbsolutePath, form, TestContext.Current.CancellationToken).RefusedAsync(400, "malformed_request");
    }

    [Fact]
    public async Task No_token_or_password_of_a_link_reaches_a_log()
    {
        await using var app = await App.StartAsync("--LOG_LEVEL=trace");
        var ana = await app.SignUpAsync("ana");
        var link = await ana.Files.CreateLinkAsync(await ana.UploadAsync(), new CreateLinkRequest { Password = "canary-link-7319" });
        (await GetAsync(app, link.Url!, "text/html")).Dispose();
        (await PostAsync(app, link.Url!, "canary-link-7319")).Dispose();
        (await GetAsync(app, link.Url! + "/download", "*/*")).Dispose();
        (await GetAsync(app, link.Url! + "/nothing", "*/*")).Dispose();
        string[] secrets = [new Uri(link.Url!).AbsolutePath["/s/".Length..], "canary-link-7319"];
        Assert.Equal([], app.Logs.Lines.Where(line => secrets.Any(secret => line.ToString().Contains(secret, StringComparison.OrdinalIgnoreCase))));
    }

    private static string Basic(string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + password));

    private static Task<HttpResponseMessage> GetAsync(App app, string url, string accept) =>
        app.SendAsync(HttpMethod.Get, new Uri(url).AbsolutePath, null, ("Accept", accept));

    private static async Task<HttpResponseMessage> PostAsync(App app, string url, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url).AbsolutePath)
        {
            Content = new FormUrlEncodedContent([new("password", password)]),
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/html") } },
        };
        return await app.Http.SendAsync(request);
    }
}
