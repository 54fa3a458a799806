using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Messages;
using Hypersend.ServerTests.Fixture;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Messages;

/// <summary>Pages of a chat of 21 messages: seq 1 to 21, as a direct chat writes no system messages.</summary>
public sealed class PagingTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData(null, null, null, 5, "17-21", true, false)]
    [InlineData(null, null, null, 21, "1-21", false, false)]
    [InlineData(null, null, null, 200, "1-21", false, false)]
    [InlineData(17L, null, null, 5, "12-16", true, true)]
    [InlineData(6L, null, null, 5, "1-5", false, true)]
    [InlineData(7L, null, null, 5, "2-6", true, true)]
    [InlineData(1L, null, null, 5, "", false, true)]
    [InlineData(0L, null, null, 5, "", false, true)]
    [InlineData(22L, null, null, 5, "17-21", true, false)]
    [InlineData(4_000_000_000L, null, null, 5, "17-21", true, false)]
    [InlineData(null, 0L, null, 5, "1-5", false, true)]
    [InlineData(null, 16L, null, 5, "17-21", true, false)]
    [InlineData(null, 15L, null, 5, "16-20", true, true)]
    [InlineData(null, 21L, null, 5, "", true, false)]
    [InlineData(null, 999L, null, 5, "", true, false)]
    [InlineData(null, null, 11L, 5, "9-13", true, true)]
    [InlineData(null, null, 1L, 5, "1-3", false, true)]
    [InlineData(null, null, 21L, 5, "19-21", true, false)]
    [InlineData(null, null, 999L, 5, "20-21", true, false)]
    [InlineData(null, null, 11L, 1, "11-11", true, true)]
    public async Task A_page_has_what_was_asked_for_and_says_what_lies_beyond(
        long? before, long? after, long? around, int limit, string seqs, bool moreBefore, bool moreAfter)
    {
        var (ana, chat) = await TwentyOneAsync();

        var page = await ana.Messages.ListAsync(chat, new PageOf { Before = before, After = after, Around = around, Limit = limit });

        Assert.Equal(seqs, seqs.Length == 0 ? string.Concat(page.Items.Select(message => message.Seq)) : $"{page.Items[0].Seq}-{page.Items[^1].Seq}");
        Assert.Equal(page.Items.Select(message => message.Seq).Order(), page.Items.Select(message => message.Seq));
        Assert.Equal((moreBefore, moreAfter), (page.HasMoreBefore, page.HasMoreAfter));
        Assert.Equal((await ana.Chats.GetAsync(chat)).Rev, page.Rev);
    }

    [Fact]
    public async Task Walking_in_either_direction_meets_every_message_once()
    {
        var (ana, chat) = await TwentyOneAsync();
        foreach (var limit in new[] { 1, 4, 7, 21 })
        {
            var down = new List<long>();
            for (long? before = null; ; before = down[^1])
            {
                var page = await ana.Messages.ListAsync(chat, new PageOf { Before = before, Limit = limit });
                down.AddRange(page.Items.Reverse().Select(message => message.Seq));
                if (!page.HasMoreBefore)
                    break;
            }

            Assert.Equal(Enumerable.Range(1, 21).Reverse().Select(seq => (long)seq), down);
        }
    }

    [Fact]
    public async Task Contradictions_are_refused_and_limits_are_cut_to_what_is_allowed()
    {
        var (ana, chat) = await TwentyOneAsync();
        await ana.Messages.ListAsync(chat, new PageOf { Before = 5, After = 3 }).RefusedAsync(422, ErrorCodes.ValidationFailed);
        var malformed = await ana.SendAsync(HttpMethod.Get, $"/api/v1/messages/{chat}?before=many").RefusedAsync(400, ErrorCodes.MalformedRequest);
        Assert.Equal(["before"], malformed.Errors!.Keys);
        Assert.Equal("before is missing or cannot be read.", malformed.Detail);
        Assert.Single((await ana.Messages.ListAsync(chat, new PageOf { Limit = 0 })).Items);
        Assert.Single((await ana.Messages.ListAsync(chat, new PageOf { Limit = -5 })).Items);
        Assert.Equal(21, (await ana.Messages.ListAsync(chat, new PageOf { Limit = 100_000 })).Items.Count);
        Assert.Empty((await ana.Messages.ListAsync(chat, new PageOf { Before = -1 })).Items);
    }

    [Fact]
    public async Task Pages_of_a_thread_have_its_answers_alone()
    {
        var (ana, chat) = await TwentyOneAsync();
        var root = (await ana.HistoryAsync(chat, new PageOf { After = 4, Limit = 1 }))[0];
        var answers = new List<long>();
        for (var i = 0; i < 7; i++)
        {
            await ana.SendAsync(chat, "beside it");
            answers.Add((await ana.SendAsync(chat, "answer", thread: root.Id)).Seq);
        }

        var newest = await ana.Messages.ListAsync(chat, new PageOf { Thread = root.Id, Limit = 3 });
        var older = await ana.Messages.ListAsync(chat, new PageOf { Thread = root.Id, Before = newest.Items[0].Seq, Limit = 10 });

        Assert.Equal(answers[4..], newest.Items.Select(message => message.Seq));
        Assert.Equal((true, false), (newest.HasMoreBefore, newest.HasMoreAfter));
        Assert.Equal(answers[..4], older.Items.Select(message => message.Seq));
        Assert.Equal((false, true), (older.HasMoreBefore, older.HasMoreAfter));
        await ana.Messages.ListAsync(chat, new PageOf { Thread = new MessageId(chat, 9999) }).RefusedAsync(404, ErrorCodes.NotFound);
    }

    private async Task<(Person Ana, ChatId Chat)> TwentyOneAsync()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        for (var i = 1; i <= 21; i++)
            await ana.SendAsync(new SendMessageRequest { ChatId = chat, Content = $"message {i}" });
        return (ana, chat);
    }
}
