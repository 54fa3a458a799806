using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>My own settings of a chat: muted, pinned, archived, and what I have begun to write.</summary>
internal sealed class ChangeChatSettings(IChatStore store, IBus bus)
{
    public async Task<Result<ChatSettings>> HandleAsync(UserId user, ChatId id, ChatSettingsRequest request, CancellationToken cancellation)
    {
        if (RefuseDraft(request.Draft.Value) is { } refusal)
            return refusal;
        var change = new SettingsChange
        {
            MutedUntil = request.MutedUntil,
            Pinned = request.Pinned,
            Archived = request.Archived,
            Draft = request.Draft is { IsSet: true, Value: "" } ? new Optional<string?>(null) : request.Draft,
        };
        if (!(await store.ChangeSettingsAsync(user, id, change, cancellation)).Succeeded(out var settings, out var failure))
            return failure;

        var told = new ChatSettingsEvent
        {
            ChatId = id,
            MutedUntil = settings.MutedUntil,
            Pinned = settings.Pinned,
            Archived = settings.Archived,
            Draft = settings.Draft,
        };
        bus.Publish(new UserNotice(user, EventJson.Of(told, HypersendJson.Wire.ChatSettingsEvent)));
        return settings;
    }

    private static Failure? RefuseDraft(string? draft)
    {
        if (draft is null)
            return null;
        if (TextRules.HasNul(draft) || TextRules.HasLoneSurrogate(draft))
            return Failure.OfField(ErrorCodes.InvalidText, "draft", "must not contain the character U+0000 or half of a surrogate pair");
        return draft.Length > ChatLimits.DraftLength && CodePoints.Count(draft) > ChatLimits.DraftLength
            ? Failure.OfField(ErrorCodes.ValidationFailed, "draft", "must have at most 10000 characters")
            : null;
    }
}
