using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>Brings people into a chat, gives them roles, takes them out, keeps them out.</summary>
internal sealed class ChangeMembers(IChatStore chats, IMemberStore members, LeaveChat leave, ChangePublisher publisher, PresenceTable presence, TimeProvider clock)
{
    public async Task<Result<IReadOnlyList<ChatMember>>> AddAsync(UserId actor, ChatId id, IReadOnlyCollection<UserId> people, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (!(await members.AddAsync(actor, id, people.ToHashSet(), now, cancellation).PublishAsync(publisher)).Succeeded(out var added, out var failure))
            return failure;
        return Result.Of<IReadOnlyList<ChatMember>>([.. added.Select(member => member.Show(actor, presence))]);
    }

    public async Task<Result<ChatMember>> ChangeRoleAsync(UserId actor, ChatId id, UserId user, string role, CancellationToken cancellation)
    {
        // Whoever is nothing more is a subscriber in a channel and a member elsewhere, whatever a client calls it.
        var type = await chats.FindTypeAsync(id, cancellation);
        if (type is not null && type != ChatTypes.Channel && role == ChatRoles.Subscriber)
            return Failure.OfField(ErrorCodes.ValidationFailed, "role", "is one of channels only");
        var given = role is ChatRoles.Member or ChatRoles.Subscriber ? ChatRules.PlainRole(type ?? "") : role;
        var now = clock.GetUtcNow();
        return (await members.ChangeRoleAsync(actor, id, user, given, now, cancellation).PublishAsync(publisher)).Succeeded(out var seen, out var failure)
            ? seen.Show(actor, presence)
            : failure;
    }

    public Task<Result<Done>> RemoveAsync(UserId actor, ChatId id, UserId user, CancellationToken cancellation) =>
        actor == user
            ? leave.HandleAsync(actor, id, cancellation)
            : members.RemoveAsync(actor, id, user, clock.GetUtcNow(), cancellation).PublishAsync(publisher);

    public Task<Result<Done>> BanAsync(UserId actor, ChatId id, UserId user, CancellationToken cancellation) =>
        members.BanAsync(actor, id, user, clock.GetUtcNow(), cancellation).PublishAsync(publisher);
}
