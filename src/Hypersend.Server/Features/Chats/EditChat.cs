using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>Changes a chat's name, description, visibility or what its members may do.</summary>
internal sealed class EditChat(IChatStore store, ChangePublisher publisher, PresenceTable presence, TimeProvider clock)
{
    public async Task<Result<Chat>> HandleAsync(UserId actor, ChatId id, UpdateChatRequest request, CancellationToken cancellation)
    {
        if (request.Name is { } name && TextRules.IsBlank(name))
            return Failure.OfField(ErrorCodes.ValidationFailed, "name", "must not be blank");
        var edit = new ChatEdit { Name = request.Name, Description = request.Description, Public = request.Public, Permissions = request.Permissions };
        var now = clock.GetUtcNow();
        return (await store.EditAsync(actor, id, edit, now, cancellation).PublishAsync(publisher)).Succeeded(out var seen, out var failure)
            ? seen.Show(actor, presence)
            : failure;
    }
}
