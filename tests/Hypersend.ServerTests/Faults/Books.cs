using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.ServerTests.Fixture;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Faults;

/// <summary>Goes over a chat's books through the API: numbers without gaps, counts that are what they count.</summary>
internal static class Books
{
    public static async Task CheckAsync(string where, ChatId chat, params Person[] people)
    {
        foreach (var person in people)
        {
            var summary = await person.SummaryOfAsync(chat);
            var messages = await AllAsync(person, chat);
            Assert.True(messages.Select(message => message.Seq).SequenceEqual(Enumerable.Range(1, messages.Count).Select(seq => (long)seq)), where + ": the numbers have a gap");
            Assert.True(summary.LastSeq == messages.Count, $"{where}: the last number is {summary.LastSeq} and there are {messages.Count} messages");
            Assert.True(messages.Select(message => message.Rev).Distinct().Count() == messages.Count, where + ": two messages share a rev");
            Assert.True(messages.All(message => message.Rev <= summary.Rev), where + ": a message is ahead of its chat");

            var waiting = messages.Where(message =>
                message.Seq > summary.ReadSeq && message.Sender.Id != person.Id && message.Type != MessageTypes.System && message.DeletedAt is null).ToList();
            Assert.True(summary.Unread == waiting.Count, $"{where}: {summary.Unread} are said to be unread, and {waiting.Count} are");
            Assert.True(
                summary.Mentions == waiting.Count(message => message.MentionsAll || message.Mentions.Contains(person.Id)),
                $"{where}: {summary.Mentions} mentions are not those that wait");
            foreach (var answers in messages.Where(message => message.Thread is not null).GroupBy(message => message.Thread!.Value))
                Assert.True(messages[(int)answers.Key.Seq - 1].ThreadCount == answers.Count(), where + ": a thread miscounts its answers");

            var members = (await person.Chats.ListMembersAsync(chat, limit: 200)).Items.Count;
            Assert.True(members == 200 || summary.MemberCount == members, $"{where}: {summary.MemberCount} members are said to be there, and {members} are");
        }
    }

    /// <summary>The whole history, from the first message on.</summary>
    public static async Task<IReadOnlyList<Message>> AllAsync(Person person, ChatId chat)
    {
        var all = new List<Message>();
        while (true)
        {
            var page = await person.Messages.ListAsync(chat, new() { After = all.Count == 0 ? 0 : all[^1].Seq, Limit = 200 });
            all.AddRange(page.Items);
            if (!page.HasMoreAfter)
                return all;
        }
    }
}
