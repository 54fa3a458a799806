using System.Security.Cryptography;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Links;

/// <summary>Makes a link to a file. Its token is told once and kept as a hash.</summary>
internal sealed class ShareFile(ILinkStore store, PasswordHasher hasher, ServerOptions server, TimeProvider clock)
{
    private const int TokenBytes = 18;

    public async Task<Result<FileLink>> HandleAsync(UserId owner, FileId file, CreateLinkRequest request, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();

        // A stranger is not to keep the hashing threads busy.
        if (request.Password is not null && (await store.ListAsync(owner, file, cancellation)).Failure is { } refusal)
            return refusal;
        var token = StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(TokenBytes));
        var link = new NewLink(
            new LinkId(Guid.CreateVersion7(now)),
            OneTimeSecret.HashOf(token),
            request.Password is { } password ? await hasher.HashAsync(password, cancellation) : null,
            request.MaxDownloads,
            request.ExpiresIn is { } seconds ? now.AddSeconds(seconds) : null);
        return (await store.AddAsync(owner, file, link, now, cancellation)).Succeeded(out var row, out var failure)
            ? Present(row) with { Url = new Uri(server.PublicUrl, $"{LinkEndpoints.Root}/{token}").ToString() }
            : failure;
    }

    public static FileLink Present(LinkRow row) => new()
    {
        Id = row.Id,
        CreatedAt = row.CreatedAt,
        ExpiresAt = row.ExpiresAt,
        MaxDownloads = row.MaxDownloads,
        Downloads = row.Downloads,
        HasPassword = row.PasswordHash is not null,
    };
}
