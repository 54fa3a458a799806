using System.Buffers.Text;
using System.Security.Cryptography;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Admin;

/// <summary>Makes an invitation; its token is shown this once.</summary>
internal sealed class InviteToRegister(IAdminStore store, ServerOptions server, TimeProvider clock)
{
    private const int TokenBytes = 16;

    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(7);

    public async Task<RegistrationInvite> HandleAsync(UserId admin, CreateInviteRequest request, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var invite = new InviteRow
        {
            Id = new InviteId(Guid.CreateVersion7(now)),
            MaxUses = request.MaxUses ?? 1,
            ExpiresAt = now + (request.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultLifetime),
            CreatedAt = now,
        };
        await store.AddInviteAsync(invite, OneTimeSecret.HashOf(token), admin, cancellation);
        return Present(invite) with { Token = token, Url = new Uri(server.PublicUrl, $"/register#invite={token}").ToString() };
    }

    public static RegistrationInvite Present(InviteRow row) => new()
    {
        Id = row.Id,
        MaxUses = (int)row.MaxUses,
        Uses = (int)row.Uses,
        ExpiresAt = row.ExpiresAt,
        CreatedAt = row.CreatedAt,
    };
}
