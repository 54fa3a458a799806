using System.Text.Json;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Messages;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Messages;

public sealed class SendTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_message_has_the_next_number_and_is_what_everybody_in_the_chat_reads()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);

        var first = await ana.SendAsync(chat, "Hello Ben");
        var second = await ben.SendAsync(chat, "Hello Ana", replyTo: first.Id);

        Assert.Equal((first.Seq + 1, first.Rev + 1), (second.Seq, second.Rev));
        Assert.Equal((MessageTypes.Text, ana.Id, "Hello Ben"), (first.Type, first.Sender.Id, first.Content));
        Assert.Equal(first.Id, second.ReplyTo);
        Assert.Equal(["Hello Ben", "Hello Ana"], (await ana.HistoryAsync(chat)).Select(message => message.Content));
        var seen = await ben.Messages.GetAsync(first.Id);
        Assert.Equal(("Hello Ben", false), (seen.Content, seen.Bookmarked));
        Assert.Equal("Hello Ana", (await ana.SummaryOfAsync(chat)).LastMessage!.Content);
    }

    [Fact]
    public async Task The_same_client_id_is_the_same_message_however_often_and_however_fast_it_is_sent()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var request = new SendMessageRequest { ChatId = chat, Content = "once", ClientId = "c-1" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ana.Messages.SendAsync(request)));
        var late = await ana.Messages.SendAsync(request with { Content = "something else" });

        Assert.Single(answers, answer => !answer.Repeated);
        Assert.Single(answers.Select(answer => answer.Message!.Id).Distinct());
        Assert.Equal((true, "once", answers[0].Message!.Id), (late.Repeated, late.Message!.Content, late.Message.Id));
        Assert.Single(await ben.HistoryAsync(chat));
    }

    [Fact]
    public async Task A_client_id_is_ones_own_in_one_chat()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var (chat, other) = (await ana.DirectAsync(ben), await app.GroupAsync(ana, ben));
        var request = new SendMessageRequest { ChatId = chat, Content = "mine", ClientId = "shared" };

        Assert.False((await ana.Messages.SendAsync(request)).Repeated);
        Assert.False((await ben.Messages.SendAsync(request)).Repeated);
        Assert.False((await ana.Messages.SendAsync(request with { ChatId = other })).Repeated);
        Assert.Equal(2, (await ana.HistoryAsync(chat)).Count);
    }

    [Fact]
    public async Task Sends_at_once_get_numbers_without_a_gap_and_each_its_own()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var before = await ana.Chats.GetAsync(chat);

        var sent = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? ana : ben).SendAsync(chat, $"message {i}")));

        Assert.Equal(Enumerable.Range(1, 100).Select(i => before.LastSeq + i), sent.Select(message => message.Seq).Order());
        Assert.Equal(Enumerable.Range(1, 100).Select(i => before.Rev + i), sent.Select(message => message.Rev).Order());
        var after = await ben.Chats.GetAsync(chat);
        Assert.Equal((before.LastSeq + 100, before.Rev + 100), (after.LastSeq, after.Rev));
        Assert.Equal(50, (await ben.SummaryOfAsync(chat)).Unread);
    }

    [Fact]
    public async Task Every_naughty_string_comes_back_byte_for_byte()
    {
        using var data = SharedData.Json("naughty-strings.json");
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var kept = new List<string?>();
        foreach (var text in data.RootElement.EnumerateArray().Select(entry => entry.GetString()!))
        {
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                await ana.SendAsync(chat, text).RefusedAsync(422, ErrorCodes.InvalidText);
            }
            else if (string.IsNullOrWhiteSpace(text))
            {
                await ana.SendAsync(chat, text).RefusedAsync(422, ErrorCodes.EmptyMessage);
            }
            else
            {
                Assert.Equal(text, (await ana.SendAsync(chat, text)).Content, StringComparer.Ordinal);
                kept.Add(text);
            }
        }

        Assert.True(kept.Count > 400, $"only {kept.Count} strings");
        var read = new List<string?>();
        for (var page = await ben.Messages.ListAsync(chat, new() { After = 0, Limit = 200 }); ; page = await ben.Messages.ListAsync(chat, new() { After = page.Items[^1].Seq, Limit = 200 }))
        {
            read.AddRange(page.Items.Select(message => message.Content));
            if (!page.HasMoreAfter)
                break;
        }

        Assert.Equal(kept, read);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\u00e9")]
    [InlineData("\U0001F44D")]
    public async Task Ten_thousand_characters_of_any_width_are_taken_and_one_more_is_not(string character)
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var longest = string.Concat(Enumerable.Repeat(character, SendMessageRequest.MaxContent));

        var message = await ana.SendAsync(chat, longest);

        Assert.Equal(longest, message.Content);
        Assert.Equal(longest, (await ana.Messages.GetAsync(message.Id)).Content);
        await ana.SendAsync(chat, longest + character).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.Messages.EditAsync(message.Id, longest + character).RefusedAsync(422, ErrorCodes.ValidationFailed);
    }

    [Fact]
    public async Task A_megabyte_of_content_is_refused_and_the_next_message_is_not()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var seq = (await ana.SendAsync(chat, "before")).Seq;

        using (var answer = await ana.SendAsync(HttpMethod.Post, "/api/v1/messages", $$"""{"chat_id":"{{chat}}","content":"{{new string('x', 1024 * 1024)}}"}"""))
            Assert.Contains((int)answer.StatusCode, new[] { 413, 422 });

        Assert.Equal(seq + 1, (await ana.SendAsync(chat, "after")).Seq);
    }

    [Theory]
    [InlineData("""{"content":"no chat"}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"chat_id":"CHAT"}""", ErrorCodes.EmptyMessage)]
    [InlineData("""{"chat_id":"CHAT","content":""}""", ErrorCodes.EmptyMessage)]
    [InlineData("""{"chat_id":"CHAT","content":" \n\t\u00a0\u3000"}""", ErrorCodes.EmptyMessage)]
    [InlineData("""{"chat_id":"CHAT","content":"a\u0000b"}""", ErrorCodes.InvalidText)]
    [InlineData("""{"chat_id":"CHAT","content":"x","client_id":""}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"chat_id":"CHAT","content":"x","client_id":"a\u0000"}""", ErrorCodes.InvalidText)]
    [InlineData("""{"chat_id":"CHAT","content":"x","expires_in":0}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"chat_id":"CHAT","content":"x","expires_in":31536001}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"chat_id":"CHAT","content":"x","reply_to":"CHAT.999"}""", ErrorCodes.UnknownReference)]
    [InlineData("""{"chat_id":"CHAT","content":"x","reply_to":"nonsense"}""", ErrorCodes.UnknownReference)]
    [InlineData("""{"chat_id":"CHAT","content":"x","thread":"CHAT.999"}""", ErrorCodes.UnknownReference)]
    [InlineData("""{"chat_id":"CHAT","forward_of":"CHAT.999"}""", ErrorCodes.UnknownReference)]
    [InlineData("""{"chat_id":"CHAT","content":"x","file_ids":["none"]}""", ErrorCodes.UnknownReference)]
    [InlineData("""{"chat_id":"CHAT","content":"x","send_at":"2020-01-01T00:00:00.000Z"}""", ErrorCodes.ValidationFailed)]
    public async Task What_is_well_formed_and_not_valid_is_refused_and_takes_no_number(string json, string code)
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var before = await ana.Chats.GetAsync(chat);

        await ana.SendAsync(HttpMethod.Post, "/api/v1/messages", json.Replace("CHAT", chat.ToString(), StringComparison.Ordinal)).RefusedAsync(422, code);

        var after = await ana.Chats.GetAsync(chat);
        Assert.Equal((before.LastSeq, before.Rev), (after.LastSeq, after.Rev));
    }

    [Theory]
    [InlineData("""{"chat_id":"CHAT","content":"\ud800"}""")]
    [InlineData("""{"chat_id":"CHAT","content":7}""")]
    [InlineData("""{"chat_id":7,"content":"x"}""")]
    [InlineData("""["CHAT"]""")]
    [InlineData("{")]
    public async Task What_is_malformed_is_refused(string json)
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        using var answer = await ana.SendAsync(HttpMethod.Post, "/api/v1/messages", json.Replace("CHAT", chat.ToString(), StringComparison.Ordinal));
        Assert.Contains((int)answer.StatusCode, new[] { 400, 422 });
    }

    [Fact]
    public async Task The_answer_of_a_send_is_the_message_that_is_read_later()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var sent = await ana.SendAsync(new SendMessageRequest { ChatId = chat, Content = "@" + ben.Username, ClientId = "c", ExpiresIn = 3600 });
        var read = await ana.Messages.GetAsync(sent.Id);

        // What is one viewer's own is in answers to one viewer only.
        Assert.Equal(Json(sent), Json(read with { Bookmarked = null }));
        Assert.Equal(sent.CreatedAt.AddHours(1), sent.ExpiresAt);

        static string Json(Message message) => JsonSerializer.Serialize(message, Hypersend.Contracts.HypersendJson.Wire.Message);
    }
}
