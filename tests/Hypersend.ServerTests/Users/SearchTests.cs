using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Users;

public sealed class SearchTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("Björk Guðmundsdóttir", "Björk", "BJÖR", "björk guð", "guð björk")]
    [InlineData("王小明 Xiaoming", "小明", "王小", "xiao", "明 xi")]
    [InlineData("Αλέξανδρος Παπαδόπουλος", "αλέξ", "ΠΑΠΑ", "αλέξανδρος")]
    [InlineData("محمد علي", "محم", "علي")]
    [InlineData("अनिल कुमार", "अनि", "कुमा")]
    [InlineData("Straße Müller", "strasse", "MÜLL")]
    [InlineData("Ｆｕｌｌ Ｗｉｄｔｈ", "full", "width")]
    public async Task A_name_is_found_by_the_beginnings_of_its_words(string name, params string[] queries)
    {
        var ana = await app.SignUpAsync("ana", name);

        foreach (var query in queries)
            Assert.Contains((await ana.Users.SearchAsync(query)).Items, user => user.Id == ana.Id);
        Assert.DoesNotContain((await ana.Users.SearchAsync("zzzz")).Items, user => user.Id == ana.Id);
    }

    [Fact]
    public async Task A_user_name_is_found_whole_and_by_its_parts_but_not_from_the_middle_of_a_word()
    {
        var ana = await app.RegisterAsync(new() { Username = "quentin.tarasov_9", Email = "qt@example.org", Password = Person.FirstPassword });

        foreach (var query in new[] { "quentin.tarasov_9", "QUENT", "taras", "quentin.t" })
            Assert.Equal([ana.Id], (await ana.Users.SearchAsync(query)).Items.Select(user => user.Id));
        Assert.Empty((await ana.Users.SearchAsync("uentin")).Items);
        Assert.Empty((await ana.Users.SearchAsync("quentin tarasov nobody")).Items);
        Assert.Empty((await ana.Users.SearchAsync("qt@example.org")).Items);
    }

    [Fact]
    public async Task A_new_name_is_found_and_the_old_one_is_not()
    {
        var ana = await app.SignUpAsync("ana", "Oldname Person");
        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Name = "Newname Person" });

        Assert.Single((await ana.Users.SearchAsync("newname")).Items);
        Assert.Empty((await ana.Users.SearchAsync("oldname")).Items);
        Assert.Single((await ana.Users.SearchAsync(ana.Username)).Items);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repeat()
    {
        var people = new List<string>();
        foreach (var batch in Enumerable.Range(0, 251).Chunk(16))
            people.AddRange((await Task.WhenAll(batch.Select(i => app.SignUpAsync("crowd", $"Crowdmember {i}")))).Select(person => person.Username));
        var ana = await app.SignUpAsync("ana");

        foreach (var limit in new int?[] { 7, null, 200 })
        {
            var found = new List<string>();
            string? cursor = null;
            do
            {
                var page = await ana.Users.SearchAsync("crowdmem", cursor, limit);
                Assert.InRange(page.Items.Count, 1, limit ?? 50);
                Assert.Equal(page.NextCursor is not null, page.Items.Count == (limit ?? 50) && found.Count + page.Items.Count < 251);
                found.AddRange(page.Items.Select(user => user.Username));
                cursor = page.NextCursor;
            }
            while (cursor is not null);

            Assert.Equal(people.Order(StringComparer.Ordinal), found);
        }

        Assert.Equal(200, (await ana.Users.SearchAsync("crowdmem", limit: 5000)).Items.Count);
    }

    [Theory]
    [InlineData("?q=a", ErrorCodes.ValidationFailed, 422)]
    [InlineData("?q=", ErrorCodes.ValidationFailed, 422)]
    [InlineData("", ErrorCodes.ValidationFailed, 422)]
    [InlineData("?q=%20a%20", ErrorCodes.ValidationFailed, 422)]
    [InlineData("?q=%F0%9F%A6%8A", ErrorCodes.ValidationFailed, 422)]
    [InlineData("?q=ab%00c", ErrorCodes.InvalidText, 422)]
    [InlineData("?q=ab&cursor=not*ours", ErrorCodes.InvalidCursor, 400)]
    [InlineData("?q=ab&cursor=gA", ErrorCodes.InvalidCursor, 400)]
    [InlineData("?q=ab&limit=many", ErrorCodes.MalformedRequest, 400)]
    public async Task A_question_that_cannot_be_answered_is_refused(string query, string code, int status) =>
        await app.Admin.SendAsync(HttpMethod.Get, "/api/v1/users/search" + query).RefusedAsync(status, code);

    [Theory]
    [InlineData("%%")]
    [InlineData("__")]
    [InlineData("'; DROP TABLE users; --")]
    [InlineData("\"*\"")]
    public async Task Signs_that_mean_something_to_a_database_mean_nothing_here(string text) =>
        Assert.Empty((await app.Admin.Users.SearchAsync(text)).Items);
}
