using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Messages;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Messages;

/// <summary>Read marks and what they say to others.</summary>
public sealed class ReceiptTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Receipts_tell_how_far_a_message_has_come_with_everybody_but_its_sender()
    {
        var (ana, ben, cat) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("cat"));
        var chat = await app.GroupAsync(ana, ben, cat);
        var message = await ana.SendAsync(chat, "read me");
        await ben.Chats.MarkReadAsync(chat, message.Seq);
        await cat.Chats.MarkReadAsync(chat, message.Seq - 1);

        var receipts = new List<Receipt>();
        for (var page = await ana.Messages.ListReceiptsAsync(message.Id, limit: 1); ; page = await ana.Messages.ListReceiptsAsync(message.Id, page.NextCursor, 1))
        {
            receipts.AddRange(page.Items);
            if (page.NextCursor is null)
                break;
        }

        Assert.Equal(
            new[] { (ben.Id, true, true), (cat.Id, false, false) }.ToHashSet(),
            receipts.Select(receipt => (receipt.User.Id, receipt.Delivered, receipt.Read)).ToHashSet());
        await ana.Messages.ListReceiptsAsync(message.Id, "nonsense").RefusedAsync(400, ErrorCodes.InvalidCursor);
    }

    [Fact]
    public async Task A_read_mark_goes_forward_only_and_never_beyond_the_last_message()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        for (var i = 0; i < 5; i++)
            await ana.SendAsync(chat, "text");

        Assert.Equal((3, 2), await MarkAsync(3));
        Assert.Equal((3, 2), await MarkAsync(1));
        Assert.Equal((3, 2), await MarkAsync(0));
        foreach (var future in new[] { 6, 1_000_000_000_000, -1, long.MaxValue })
            await ben.Chats.MarkReadAsync(chat, future).RefusedAsync(422, ErrorCodes.ValidationFailed);
        Assert.Equal((3, 2), await MarkAsync(2));
        Assert.Equal((5, 0), await MarkAsync(5));
        Assert.Equal(5, (await ben.Chats.GetAsync(chat)).ReadSeq);
        await ben.SendAsync(HttpMethod.Post, $"/api/v1/chats/{chat}/read", "{}").RefusedAsync(422, ErrorCodes.ValidationFailed);

        async Task<(long, long)> MarkAsync(long seq) => await ben.Chats.MarkReadAsync(chat, seq) is var mark ? (mark.ReadSeq, mark.Unread) : default;
    }

    [Fact]
    public async Task My_own_message_marks_as_read_only_what_has_nothing_of_others_before_it()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        await ana.SendAsync(chat, "one");
        await ana.SendAsync(chat, "two");
        Assert.Equal(2, (await ana.Chats.GetAsync(chat)).ReadSeq);
        await ben.SendAsync(chat, "three");
        await ana.SendAsync(chat, "four, without having seen three");
        Assert.Equal(2, (await ana.Chats.GetAsync(chat)).ReadSeq);
        Assert.Equal((1, 0), await ana.WaitingAsync(chat));
        await ana.Chats.MarkReadAsync(chat, 3);
        Assert.Equal((0, 0), await ana.WaitingAsync(chat));
        Assert.Equal((2, 0), (await ben.Chats.MarkReadAsync(chat, 2) is var mark ? (mark.ReadSeq, mark.Mentions) : default));
    }

    [Fact]
    public async Task Counts_hold_while_everybody_writes_and_reads_at_once()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        await Task.WhenAll(TalkAsync(ana), TalkAsync(ben));

        var messages = await ana.HistoryAsync(chat, new() { Limit = 200 });
        Assert.Equal(60, messages.Count);
        foreach (var person in new[] { ana, ben })
        {
            var summary = await person.SummaryOfAsync(chat);
            Assert.Equal(messages.Count(message => message.Seq > summary.ReadSeq && message.Sender.Id != person.Id), summary.Unread);
        }

        async Task TalkAsync(Hypersend.ServerTests.Fixture.Person person)
        {
            for (var i = 0; i < 30; i++)
            {
                var sent = await person.SendAsync(chat, "text " + i);
                if (i % 3 == 0)
                    await person.Chats.MarkReadAsync(chat, sent.Seq);
            }
        }
    }
}
