using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.ServerTests.Fixture;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Faults;

/// <summary>
/// The k-th call to the storage fails, for every k there is. Whatever was answered with success is there, whatever was said
/// not to have happened is not, and the numbers of the chat have no gap afterwards.
/// </summary>
public sealed class StorageFaultTests(ITestOutputHelper output)
{
    private const int Enough = 200;

    [Theory]
    [InlineData("send")]
    [InlineData("send without client id")]
    [InlineData("answer in a thread")]
    [InlineData("edit")]
    [InlineData("delete")]
    [InlineData("react")]
    [InlineData("pin")]
    [InlineData("join")]
    [InlineData("leave")]
    [InlineData("rename")]
    public async Task A_failing_call_is_never_acknowledged_and_corrupts_nothing(string deed)
    {
        var plan = new FaultPlan();
        await using var app = await App.StartWithAsync(FailingDatabase.With(plan));
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var invite = (await ana.Chats.CreateInviteAsync(chat)).Token;

        var (struck, k) = (0, 1);
        for (; k <= Enough; k++)
        {
            var (act, hasHappened) = await PrepareAsync(app, ana, ben, chat, invite, deed);
            plan.Arm(k);
            var code = await act().CodeAsync();
            var hasStruck = plan.HasStruck;
            plan.Disarm();

            var where = $"{deed}, call {k}, answered {code}";
            if (code is null)
                Assert.True(await hasHappened(), where + ": acknowledged, and not there");
            else if (code == ErrorCodes.Unavailable)
                Assert.False(await hasHappened(), where + ": it was said that nothing happened");
            else
                Assert.True(code == ErrorCodes.OutcomeUnknown, where);
            await Books.CheckAsync(where, chat, ana, ben);

            // The person tries again, after a look where the server could not tell.
            if (code is not null && !await hasHappened())
                await act();
            Assert.True(await hasHappened(), where + ": not even the second time");
            await Books.CheckAsync(where, chat, ana, ben);
            if (!hasStruck)
                break;
            struck++;
        }

        output.WriteLine($"{deed}: {struck} storage calls failed one after the other; 0 false acks, 0 corrupt states");
        Assert.InRange(struck, 3, Enough - 1);
    }

    /// <summary>A deed that can be repeated, and the look whether it has happened (exactly once, where that can be told).</summary>
    private static async Task<(Func<Task> Act, Func<Task<bool>> HasHappened)> PrepareAsync(
        App app, Person ana, Person ben, ChatId chat, string invite, string deed)
    {
        var word = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();
        switch (deed)
        {
            case "send":
                return (() => ana.SendAsync(new SendMessageRequest { ChatId = chat, Content = word, ClientId = word }), () => HasOneAsync(ben, chat, word));
            case "send without client id":
                return (() => ana.SendAsync(chat, word), () => HasOneAsync(ben, chat, word));
            case "answer in a thread":
                var root = await ben.SendAsync(chat, "root of " + word);
                return (
                    () => ana.SendAsync(new SendMessageRequest { ChatId = chat, Content = word, ClientId = word, Thread = root.Id }),
                    async () => await HasOneAsync(ben, chat, word) && (await ben.Messages.GetAsync(root.Id)).ThreadCount == 1);
            case "edit":
                var edited = await ana.SendAsync(chat, "before");
                return (
                    () => ana.Messages.EditAsync(edited.Id, word),
                    async () => (await ben.Messages.GetAsync(edited.Id)).Content == word && (await ben.Messages.GetHistoryAsync(edited.Id)).Items.Count == 2);
            case "delete":
                var deleted = await ana.SendAsync(chat, word);
                return (() => ana.Messages.DeleteAsync(deleted.Id), async () => (await ben.Messages.GetAsync(deleted.Id)).DeletedAt is not null);
            case "react":
                var liked = await ana.SendAsync(chat, word);
                return (
                    () => ben.Messages.ReactAsync(liked.Id, "👍"),
                    async () => (await ana.Messages.GetAsync(liked.Id)).Reactions is [{ Count: 1 }]);
            case "pin":
                var pinned = await ana.SendAsync(chat, word);
                return (() => ana.Messages.PinAsync(pinned.Id), async () => (await ben.Messages.GetAsync(pinned.Id)).Pinned);
            case "join":
                var cat = await app.SignUpAsync("cat");
                return (() => cat.Chats.JoinAsync(invite), () => IsMemberAsync(ana, chat, cat));
            case "leave":
                var dan = await app.SignUpAsync("dan");
                await ana.Chats.AddMembersAsync(chat, [dan.Id]);
                return (() => dan.Chats.LeaveAsync(chat), async () => !await IsMemberAsync(ana, chat, dan));
            case "rename":
                return (() => ana.Chats.UpdateAsync(chat, new UpdateChatRequest { Name = word }), async () => (await ben.Chats.GetAsync(chat)).Name == word);
            default:
                throw new ArgumentOutOfRangeException(nameof(deed), deed, "There is no such deed.");
        }
    }

    private static async Task<bool> HasOneAsync(Person person, ChatId chat, string content)
    {
        var count = (await person.HistoryAsync(chat, new() { Limit = 200 })).Count(message => message.Content == content);
        Assert.InRange(count, 0, 1);
        return count == 1;
    }

    private static async Task<bool> IsMemberAsync(Person witness, ChatId chat, Person person) =>
        (await witness.Chats.ListMembersAsync(chat, limit: 200)).Items.Any(member => member.User.Id == person.Id);
}
