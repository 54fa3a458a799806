using System.Globalization;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.Sdk.Realtime;

namespace Hypersend.Seed;

/// <summary>
/// What two people have said to each other in four places. Every message has a client id of its own, so that a second run
/// finds all of it and says nothing twice.
/// </summary>
internal sealed class Neighbourhood(Guest ana, Guest ben)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Place[] Places =
    [
        new(ChatTypes.Direct, "", "", Lines: 3_000, UnreadByBen: 0),
        new(ChatTypes.Group, "Summer house", "Who brings what, and when", Lines: 2_700, UnreadByBen: 7),
        new(ChatTypes.Room, "Harbour", "Everybody is welcome", Lines: 2_500, UnreadByBen: 0),
        new(ChatTypes.Channel, "Island news", "What happens here", Lines: 1_800, UnreadByBen: 3),
    ];

    private readonly Sentences _sentences = Sentences.Load();

    public async Task<int> TalkAsync()
    {
        var mine = await FindMineAsync();
        await Task.WhenAll(Places.Select(async (place, number) =>
        {
            var chat = await OpenAsync(place, mine);
            await TalkAsync(place, chat, (ulong)number);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{place.Type,-8} {place.Name,-13} {place.Lines:#,0} messages"));
        }));
        return Places.Sum(place => place.Lines);
    }

    private async Task<List<ChatSummary>> FindMineAsync()
    {
        var chats = new List<ChatSummary>();
        string? cursor = null;
        do
        {
            var page = await ana.Client.Chats.ListAsync(cursor, limit: 200);
            chats.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return chats;
    }

    private async Task<ChatId> OpenAsync(Place place, List<ChatSummary> mine)
    {
        // A direct chat with the same person is the same chat; of the others one may have any number.
        if (place.Type == ChatTypes.Direct)
            return (await ana.Client.Chats.CreateAsync(new CreateChatRequest { Type = place.Type, MemberIds = [ben.Id] })).Id;
        if (mine.Find(chat => chat.Type == place.Type && chat.Name == place.Name && chat.CreatedBy == ana.Id) is { } known)
            return known.Id;

        var isOpen = place.Type != ChatTypes.Group;
        var made = await ana.Client.Chats.CreateAsync(new CreateChatRequest
        {
            Type = place.Type,
            Name = place.Name,
            Description = place.Description,
            Public = isOpen,
            MemberIds = isOpen ? null : [ben.Id],
        });
        if (isOpen)
            await ben.Client.Chats.JoinAsync(made.Id);
        return made.Id;
    }

    private async Task TalkAsync(Place place, ChatId chat, ulong seed)
    {
        // A connection for each of them in each place: a server with RATE_LIMITS=on takes 100 frames a second of each.
        var options = new LiveOptions { ReportsArrivals = false };
        await using var anas = ana.Client.Live(options);
        await using var bens = ben.Client.Live(options);
        await Task.WhenAll(anas.StartAsync(), bens.StartAsync());
        LiveClient[] speakers = [anas, bens];

        var said = new List<Message>(place.Lines);
        foreach (var line in Line.Conversation(_sentences, seed, place.Lines, [ana.Username, ben.Username], isOneSided: place.Type == ChatTypes.Channel))
        {
            var sent = await speakers[line.Speaker].SendAsync(new SendMessageRequest
            {
                ChatId = chat,
                ClientId = string.Create(CultureInfo.InvariantCulture, $"seed-{said.Count}"),
                Content = line.Content,
                ReplyTo = line.ReplyTo is { } answered ? said[answered].Id : null,
            });
            said.Add(sent.Message!);
            if (line.Reaction is { } emoji)
                await ReactAsync(speakers[1 - line.Speaker], sent.Message!.Id, emoji);
        }

        await ana.Client.Messages.PinAsync(said[said.Count / 2].Id);
        await ana.Client.Chats.MarkReadAsync(chat, said[^1].Seq);
        await ben.Client.Chats.MarkReadAsync(chat, said[^(1 + place.UnreadByBen)].Seq);
    }

    private static async Task ReactAsync(LiveClient who, MessageId message, string emoji)
    {
        while (true)
        {
            try
            {
                await who.ReactAsync(message, emoji);
                return;
            }
            catch (HypersendException refused) when (refused.Code is ErrorCodes.RateLimited or ErrorCodes.Busy)
            {
                await Task.Delay(refused.RetryAfter ?? Pause, TimeProvider.System);
            }
            catch (ConnectionLostException)
            {
                await who.StartAsync();
            }
        }
    }

    private sealed record Place(string Type, string Name, string Description, int Lines, int UnreadByBen);
}
