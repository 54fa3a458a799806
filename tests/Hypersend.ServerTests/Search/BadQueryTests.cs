using System.Net;
using System.Text.Json;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Search;

/// <summary>Whatever somebody types gets an answer that makes sense.</summary>
public sealed class BadQueryTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("has:money", "has:")]
    [InlineData("has:", "has:")]
    [InlineData("before:yesterday", "before:")]
    [InlineData("after:2026-13-41", "after:")]
    [InlineData("size>big", "size")]
    [InlineData("size:10", "size:")]
    [InlineData("mentions:everyone", "mentions:")]
    [InlineData("is:open", "is:")]
    [InlineData("from:", "from:")]
    [InlineData("in:\"\"", "in:")]
    [InlineData("filename:...", "filename:")]
    [InlineData("tulips -has:file", "-has:")]
    public async Task A_malformed_operator_is_refused_by_name(string query, string named)
    {
        var problem = await app.Admin.SendAsync(HttpMethod.Get, "/api/v1/search/messages?q=" + Uri.EscapeDataString(query)).RefusedAsync(422, ErrorCodes.InvalidQuery);
        Assert.StartsWith(named, Assert.Single(problem.Errors!["q"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("!!! ??? ---")]
    [InlineData("\"")]
    [InlineData("\"never closed")]
    [InlineData("🎉")]
    [InlineData("x")]
    [InlineData("-")]
    [InlineData("-only -exclusions")]
    [InlineData("what:ever http://")]
    [InlineData("a\" OR \"b* NEAR(c) AND NOT d ^e {f}:g")]
    [InlineData("'; DROP TABLE messages; --")]
    [InlineData("% _ \\ * ?")]
    [InlineData("\u0301\u200d\u202e")]
    public async Task Strange_text_is_text(string query)
    {
        foreach (var path in new[] { "/api/v1/search/messages", "/api/v1/search/files", "/api/v1/search" })
            using (await app.Admin.SendAsync(HttpMethod.Get, $"{path}?q={Uri.EscapeDataString(query)}").AnsweredAsync(200))
            {
            }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=")]
    [InlineData("?q=%20")]
    public async Task Without_a_query_there_is_nothing_to_look_for(string query) =>
        await app.Admin.SendAsync(HttpMethod.Get, "/api/v1/search/messages" + query).RefusedAsync(422, ErrorCodes.ValidationFailed);

    [Fact]
    public async Task Two_thousand_characters_are_a_query_and_one_more_is_not()
    {
        var words = string.Concat(Enumerable.Range(0, 400).Select(i => $"{i:x3}w "));
        using (await app.Admin.SendAsync(HttpMethod.Get, "/api/v1/search/messages?q=" + Uri.EscapeDataString(words[..2_000])).AnsweredAsync(200))
        {
        }

        await app.Admin.SendAsync(HttpMethod.Get, "/api/v1/search/messages?q=" + Uri.EscapeDataString(words[..1_999] + "xx")).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await app.Admin.SendAsync(HttpMethod.Get, "/api/v1/search/messages?q=a%00b").RefusedAsync(422, ErrorCodes.InvalidText);
    }

    [Fact]
    public async Task A_hundred_searches_at_once_are_all_answered()
    {
        var ana = await app.SignUpAsync("ana");
        await ana.FindsAsync("crowded", await ana.SendAsync(await app.GroupAsync(ana), "crowded house"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ana.SendAsync(HttpMethod.Get, "/api/v1/search/messages?q=crowded")));
        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal(1, page.RootElement.GetProperty("items").GetArrayLength());
            answer.Dispose();
        }
    }

    [Fact]
    public async Task How_far_the_index_is_behind_is_a_metric()
    {
        await app.InStepAsync();
        var metrics = await app.Http.GetStringAsync("/metrics");
        Assert.Contains("hypersend_search_behind", metrics, StringComparison.Ordinal);
        Assert.Contains("hypersend_search_lag", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("हिन्दी")]
    [InlineData("明天見")]
    [InlineData("🎉👍🏽")]
    public async Task Two_thousand_characters_fit_into_an_address_in_every_script(string word)
    {
        var query = string.Concat(string.Concat(Enumerable.Repeat(word, 2_000)).EnumerateRunes().Take(2_000));
        using (await app.Admin.SendAsync(HttpMethod.Get, "/api/v1/search/messages?q=" + Uri.EscapeDataString(query)).AnsweredAsync(200))
        {
        }
    }

    [Fact]
    public async Task One_word_over_and_over_in_long_messages_costs_the_others_nothing()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var sent = await ana.SendAsync(chat, string.Concat(Enumerable.Repeat("echo ", 2_000)));
        var found = Assert.Single(await ana.FindsAsync(string.Concat(Enumerable.Repeat("echo ", 400)), sent));

        // Nobody reads two thousand places.
        Assert.Equal(100, found.Highlights.Count);
    }
}
