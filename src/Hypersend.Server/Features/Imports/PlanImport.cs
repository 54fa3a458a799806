using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Imports;

/// <summary>
/// Reads an export to its end before anything is written: what is damaged is found out then. Says who of it is here, and who has to be made.
/// </summary>
internal sealed class PlanImport(IImportStore store, IAccountStore accounts)
{
    private const int LongestName = 100;

    private static readonly string[] ChatKinds = [ChatTypes.Direct, ChatTypes.Group, ChatTypes.Channel, ChatTypes.Room, ChatTypes.Saved];
    private static readonly string[] Seats = [ChatRoles.Owner, ChatRoles.Admin, ChatRoles.Member, ChatRoles.Subscriber];

    private static readonly string[] MessageKinds =
        [MessageTypes.Text, MessageTypes.Image, MessageTypes.Video, MessageTypes.Audio, MessageTypes.Voice, MessageTypes.Document, MessageTypes.System];

    /// <param name="export">What was exported.</param>
    /// <param name="samePeople">Whether equal user names here and there are the same people. It is not for the server to guess: their messages would be shown to somebody else.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<ImportPlan> HandleAsync(ReadExport export, bool samePeople, CancellationToken cancellation)
    {
        var head = await export.HeadAsync(cancellation);
        var me = await export.OneAsync("profile.json", HypersendJson.Wire.User, cancellation);
        if (me.Id != head.UserId)
            throw new ImportRefusedException("This export is not whole: profile.json is of somebody else than export.json.");
        var people = new Dictionary<UserId, ImportedPerson>();
        Add(people, me, me.Email);
        foreach (var name in (string[])["following.json", "blocked.json"])
        {
            if (export.Has(name))
                (await export.OneAsync(name, HypersendJson.Wire.PageOfUsers, cancellation)).Items.ToList().ForEach(user => Add(people, user));
        }

        var files = new List<SharedFile>();
        await foreach (var file in export.LinesAsync("files.jsonl", HypersendJson.Wire.SharedFile, cancellation))
            files.Add(file);
        var chats = new List<PlannedChat>();
        await foreach (var chat in export.LinesAsync("chats.jsonl", HypersendJson.Wire.ChatSummary, cancellation))
            chats.Add(await ReadChatAsync(export, chat, people, cancellation));

        var here = await FindAsync(people, me, samePeople, cancellation);
        return new ImportPlan
        {
            Me = me,
            MyId = here.GetValueOrDefault(me.Id, me.Id),
            Here = here,
            Missing = [.. people.Values.Where(person => !here.ContainsKey(person.Id))],
            Chats = chats,
            Files = files,
        };
    }

    private static async Task<PlannedChat> ReadChatAsync(ReadExport export, ChatSummary chat, Dictionary<UserId, ImportedPerson> people, CancellationToken cancellation)
    {
        if (chat.Id.Value == Guid.Empty || !ChatKinds.Contains(chat.Type))
            throw new ImportRefusedException("chats.jsonl is damaged, and nothing was taken: a chat has no id, or is of no kind that there is.");
        if (chat.Peer is { } peer)
            Add(people, peer);
        var members = (await export.OneAsync(ReadExport.MembersOf(chat.Id), HypersendJson.Wire.PageOfMembers, cancellation)).Items;
        foreach (var member in members)
        {
            if (!Seats.Contains(member.Role))
                throw new ImportRefusedException($"{ReadExport.MembersOf(chat.Id)} is damaged, and nothing was taken: there is no role {member.Role}.");
            Add(people, member.User);
        }

        // Only where newcomers see nothing of before does it matter when each message came.
        var name = ReadExport.MessagesOf(chat.Id);
        var times = new List<(long, DateTimeOffset)>();
        var (before, last, line) = (0L, 0L, 0);
        await foreach (var message in export.LinesAsync(name, HypersendJson.Wire.Message, cancellation))
        {
            line++;
            if (message.Seq <= last || message.Seq > uint.MaxValue)
                throw ReadExport.Refusal(name, line, "its seq is not behind the one before.");
            if (!MessageKinds.Contains(message.Type))
                throw ReadExport.Refusal(name, line, "it is of no kind that there is.");
            if (message.Content is { } content && MessageRules.RefuseText(content) is not null)
                throw ReadExport.Refusal(name, line, "its content is none that a message may have.");
            Add(people, message.Sender);
            if (message.ForwardedSender is { } author)
                Add(people, author);
            if (message.System?.User is { } other)
                Add(people, other);
            if (last == 0)
                before = message.Seq - 1;
            last = message.Seq;
            if (chat.Permissions.History == false)
                times.Add((message.Seq, message.CreatedAt));
        }

        return new PlannedChat(chat, members) { IsEmpty = last == 0, Before = before, Times = times };
    }

    private async Task<Dictionary<UserId, UserId>> FindAsync(Dictionary<UserId, ImportedPerson> people, User me, bool samePeople, CancellationToken cancellation)
    {
        var here = new Dictionary<UserId, UserId>();
        foreach (var some in people.Keys.Chunk(200))
        {
            foreach (var id in await store.KnownAsync(some, cancellation))
                here[id] = id;
        }

        await RefuseTwoAsync(here, me, cancellation);
        foreach (var person in people.Values.Where(person => !here.ContainsKey(person.Id)))
        {
            var login = person.Email ?? (samePeople ? person.Username : null);
            var found = login is null ? null : await accounts.FindByLoginAsync(NameForm.Of(login), cancellation);
            if (found is null && samePeople && person.Id == me.Id)
                found = await accounts.FindByLoginAsync(NameForm.Of(person.Username), cancellation);
            if (found is not null)
                here[person.Id] = found.Id;
        }

        return here;
    }

    /// <summary>One person must not be two accounts here: then nobody could say to which of them this belongs.</summary>
    private async Task RefuseTwoAsync(Dictionary<UserId, UserId> here, User me, CancellationToken cancellation)
    {
        if (!here.ContainsKey(me.Id))
            return;
        if (await accounts.FindAsync(me.Id, cancellation) is not { } known)
            throw new ImportRefusedException($"The account {me.Id} was deleted here: nothing was taken.");
        if (known.Email is null && me.Email is not null && await accounts.FindByLoginAsync(NameForm.Of(me.Email), cancellation) is { } other && other.Id != me.Id)
        {
            throw new ImportRefusedException(
                $"The mail address of this export is that of {other.Username} here, and an earlier import made {known.Username} for the same person. Give {other.Username} another address, then import again.");
        }
    }

    private static void Add(Dictionary<UserId, ImportedPerson> people, User user, string? email = null) => Add(people, new ImportedPerson
    {
        Id = user.Id,
        Username = user.Username,
        Name = user.Name,
        Bio = user.Bio,
        Email = email,
        CreatedAt = user.CreatedAt,
    });

    private static void Add(Dictionary<UserId, ImportedPerson> people, Person person) =>
        Add(people, new ImportedPerson { Id = person.Id, Username = person.Username, Name = person.Name });

    // Who is told of in full comes before who stands beside a message.
    private static void Add(Dictionary<UserId, ImportedPerson> people, ImportedPerson person)
    {
        if (person.Id.Value == Guid.Empty || !IsName(person.Username) || !IsName(person.Name))
            throw new ImportRefusedException("This export is damaged, and nothing was taken: somebody in it has no id or no name.");
        if (!people.TryGetValue(person.Id, out var known) || (known.CreatedAt is null && person.CreatedAt is not null))
            people[person.Id] = person;
    }

    private static bool IsName(string text) => text.Length is > 0 and <= 2 * LongestName && !TextRules.HasNul(text) && !TextRules.HasLoneSurrogate(text);
}
