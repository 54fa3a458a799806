using System.Buffers.Text;
using System.Security.Cryptography;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Chats;

/// <summary>Makes the links that let people into a chat.</summary>
internal sealed class InviteToChat(IMemberStore store, ServerOptions server, TimeProvider clock)
{
    private const int TokenBytes = 16;

    public async Task<Result<ChatInvite>> HandleAsync(UserId actor, ChatId id, CreateChatInviteRequest request, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var invite = new InviteRow
        {
            Token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)),
            CreatedBy = actor,
            CreatedAt = now,
            ExpiresAt = request.ExpiresIn is { } seconds ? now.AddSeconds(seconds) : null,
            MaxUses = request.MaxUses,
        };
        return (await store.AddInviteAsync(actor, id, invite, now, cancellation)).Failure is { } failure ? failure : Present(invite);
    }

    public ChatInvite Present(InviteRow row) => new()
    {
        Token = row.Token,
        Url = new Uri(server.PublicUrl, "/join/" + row.Token).ToString(),
        ExpiresAt = row.ExpiresAt,
        MaxUses = row.MaxUses,
        Uses = row.Uses,
        CreatedBy = row.CreatedBy,
        CreatedAt = row.CreatedAt,
    };
}
