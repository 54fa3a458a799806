using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.EngineSpecs.Accounts;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.EngineSpecs.Chats;

/// <summary>A spec with chats in it.</summary>
public abstract class ChatSpec(Engine engine) : PeopleSpec(engine)
{
    private static long _sent;

    private SqlChatStore? _store;

    private protected IChatStore Chats => Store;

    private protected IMemberStore Members => Store;

    private protected IChatViews Views => Store;

    private SqlChatStore Store => _store ??= new(Database, new PresenceTable(TimeProvider.System));

    private protected static ChatId NewId() => new(Guid.CreateVersion7(Now));

    private protected static T Value<T>(Result<T> result)
        where T : notnull => result.Succeeded(out var value, out var failure) ? value : throw new InvalidOperationException("Refused: " + failure.Code);

    private protected async Task<ChatId> CreateAsync(Person owner, string type = ChatTypes.Group, string? name = null, params Person[] members) =>
        Value(await TryCreateAsync(owner, type, name, members)).Answer.Row.Id;

    private protected Task<Result<Changed<ChatSeen>>> TryCreateAsync(
        Person owner, string type = ChatTypes.Group, string? name = null, params IReadOnlyCollection<Person> members) =>
        Chats.CreateAsync(
            new NewChat
            {
                Id = NewId(),
                Type = type,
                Name = name ?? "A chat",
                Public = ChatRules.IsPublic(type, true),
                MembersMay = ChatRules.DefaultRights(type),
                Creator = owner.Id,
                Members = [.. members.Select(member => member.Id)],
            },
            Now,
            Cancellation);

    private protected async Task<OpenedChat> OpenAsync(Person one, Person other) =>
        Value(await Chats.OpenDirectAsync(one.Id, other.Id, NewId(), Now, Cancellation));

    private protected async Task<IReadOnlyList<SummarySeen>> ListAsync(Person person, string? type = null) =>
        await Chats.ListAsync(person.Id, new ListWish(type, After: null, 1000), Cancellation);

    private protected async Task<SummarySeen> SummaryAsync(Person person, ChatId id) => (await ListAsync(person)).Single(one => one.Row.Id == id);

    private protected async Task<ChatRow?> FindAsync(Person person, ChatId id) => (await Chats.FindAsync(id, person.Id, Cancellation))?.Row;

    private protected async Task<IReadOnlyDictionary<UserId, string>> RolesAsync(Person viewer, ChatId id) =>
        Value(await Members.ListAsync(viewer.Id, id, default, 1000, Cancellation)).ToDictionary(member => member.User.Id, member => member.Row.Role);

    /// <summary>A message as the store for messages writes it.</summary>
    private protected async Task<MessageRow> SendAsync(Person sender, ChatId chat, string text, DateTimeOffset? at = null)
    {
        var message = new NewMessage { Sender = sender.Id, Chat = chat, Content = text, ClientId = $"spec-{Interlocked.Increment(ref _sent)}" };
        var batch = await new SqlMessageStore(Database).AppendAsync([message], at ?? Now, Cancellation);
        return Value(batch.Outcomes[0]).Row;
    }

    /// <summary>The chat's system messages, in their order.</summary>
    private protected async Task<IReadOnlyList<string>> NotesAsync(ChatId chat) => await Database.ReadAsync(
        sql => sql.ListAsync<string>(
            "SELECT x.system FROM messages x JOIN chats c ON c.no = (x.key >> 32) WHERE c.id = @chat AND x.type = @system ORDER BY x.key",
            new { chat, system = MessageTypes.System }),
        Cancellation);
}
