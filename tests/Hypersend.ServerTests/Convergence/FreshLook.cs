using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Sdk;
using Hypersend.Sdk.Realtime;
using Hypersend.ServerTests.Faults;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Convergence;

/// <summary>Everything a person sees, read anew from the server.</summary>
internal sealed record FreshLook(IReadOnlyDictionary<ChatId, FreshChat> Chats)
{
    public static async Task<FreshLook> TakeAsync(Person person)
    {
        // The marks of the others are told over the socket alone, so a new device asks for them.
        await using var newDevice = person.Client.Live(new LiveOptions { ReportsArrivals = false });
        var state = await newDevice.StartAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var chats = new Dictionary<ChatId, FreshChat>();
        string? cursor = null;
        do
        {
            var page = await person.Chats.ListAsync(cursor, 200);
            foreach (var summary in page.Items)
            {
                chats[summary.Id] = new FreshChat(
                    summary,
                    await Books.AllAsync(person, summary.Id),
                    await MembersAsync(person, summary.Id),
                    [.. (await person.Messages.ListPinsAsync(summary.Id, limit: 200)).Items.Select(pin => pin.Seq).Order()],
                    state.Chats.GetValueOrDefault(summary.Id)?.Peers ?? new Dictionary<UserId, PeerMarks>() as IReadOnlyDictionary<UserId, PeerMarks>);
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return new FreshLook(chats);
    }

    /// <summary>Null where the person may not see the list.</summary>
    private static async Task<IReadOnlyDictionary<UserId, string>?> MembersAsync(Person person, ChatId chat)
    {
        try
        {
            return (await person.Chats.ListMembersAsync(chat, limit: 200)).Items.ToDictionary(member => member.User.Id, member => member.Role);
        }
        catch (HypersendException refusal) when (refusal.Status == 403)
        {
            return null;
        }
    }
}

internal sealed record FreshChat(
    ChatSummary Summary,
    IReadOnlyList<Message> Messages,
    IReadOnlyDictionary<UserId, string>? Members,
    IReadOnlyList<long> Pins,
    IReadOnlyDictionary<UserId, PeerMarks> Peers)
{
    /// <summary>
    /// As far as somebody has read in the eyes of others: their own messages, and those of the system, are nothing that they
    /// could have left unread.
    /// </summary>
    public long Beyond(UserId user, long mark)
    {
        while (mark < Messages.Count && (Messages[(int)mark].Sender.Id == user || Messages[(int)mark].Type == MessageTypes.System))
            mark++;
        return mark;
    }
}
