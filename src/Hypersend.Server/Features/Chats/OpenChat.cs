using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>Makes a chat, or finds the one that two people (or one with themselves) have already.</summary>
internal sealed class OpenChat(IChatStore store, ChangePublisher publisher, IBus bus, PresenceTable presence, TimeProvider clock)
{
    public async Task<Result<MadeChat>> HandleAsync(UserId actor, string? type, CreateChatRequest request, CancellationToken cancellation) => type switch
    {
        null => Failure.OfField(ErrorCodes.ValidationFailed, "type", "is required"),
        ChatTypes.Direct => await OpenDirectAsync(actor, request, cancellation),
        ChatTypes.Saved => await store.FindAsync(new ChatId(actor.Value), actor, cancellation) is { } saved
            ? new MadeChat(saved.Show(actor, presence), IsNew: false)
            : new Failure(ErrorCodes.NotFound),
        _ => await CreateAsync(actor, type, request, cancellation),
    };

    private async Task<Result<MadeChat>> OpenDirectAsync(UserId actor, CreateChatRequest request, CancellationToken cancellation)
    {
        var others = request.MemberIds?.Where(id => id != actor).Distinct().ToArray() ?? [];
        if (others.Length == 0 && request.MemberIds is { Count: > 0 })
            return new Failure(ErrorCodes.CannotTargetSelf);
        if (others.Length != 1)
            return Failure.OfField(ErrorCodes.ValidationFailed, "member_ids", "must name one person");
        var now = clock.GetUtcNow();
        var result = await store.OpenDirectAsync(actor, others[0], new ChatId(Guid.CreateVersion7(now)), now, cancellation);
        if (!result.Succeeded(out var opened, out var failure))
            return failure;

        var view = opened.Chat.Show(actor, presence);
        if (opened.Change is { } change)
            await publisher.PublishAsync(change);
        if (opened.WasHidden)
        {
            var created = new ChatEventFrame { Type = EventTypes.ChatCreated, ChatId = view.Id, Rev = view.Rev, Chat = view };
            bus.Publish(new UserNotice(actor, EventJson.Of(created, HypersendJson.Wire.ChatEventFrame)));
        }

        return new MadeChat(view, opened.IsNew);
    }

    private async Task<Result<MadeChat>> CreateAsync(UserId actor, string type, CreateChatRequest request, CancellationToken cancellation)
    {
        if (TextRules.IsBlank(request.Name))
            return Failure.OfField(ErrorCodes.ValidationFailed, "name", request.Name is null ? "is required" : "must not be blank");
        var now = clock.GetUtcNow();
        var chat = new NewChat
        {
            Id = new ChatId(Guid.CreateVersion7(now)),
            Type = type,
            Name = request.Name!,
            Description = request.Description ?? "",
            Public = ChatRules.IsPublic(type, request.Public ?? false),
            MembersMay = ChatRules.Change(type, ChatRules.DefaultRights(type), request.Permissions),
            Creator = actor,
            Members = request.MemberIds?.Where(id => id != actor).ToHashSet() ?? [],
        };
        return (await store.CreateAsync(chat, now, cancellation).PublishAsync(publisher)).Succeeded(out var seen, out var failure)
            ? new MadeChat(seen.Show(actor, presence), IsNew: true)
            : failure;
    }
}

/// <summary>A chat, and whether it was there before.</summary>
internal sealed record MadeChat(Chat Chat, bool IsNew);
