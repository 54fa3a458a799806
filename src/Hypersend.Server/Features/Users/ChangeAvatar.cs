using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Media;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Users;

/// <summary>Takes a picture: by its bytes, whatever it calls itself, and never decoded here.</summary>
internal sealed class ChangeAvatar(IUserStore users, IAvatarFiles files, TellOfPerson tell)
{
    public const int MaxBytes = 5 * 1024 * 1024;

    public async Task<Result<Done>> SetAsync(UserId user, Stream body, CancellationToken cancellation)
    {
        if (await ReadAsync(body, cancellation) is not { } bytes)
            return BodyLimits.TooLarge(MaxBytes);
        if (ImageSniffer.Of(bytes) is not { } type)
            return new Failure(ErrorCodes.UnsupportedImage);

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await files.KeepAsync(hash, bytes, cancellation);
        if (!await users.SetAvatarAsync(user, new Avatar { Hash = hash, Mime = type.Mime }, cancellation))
            return new Failure(ErrorCodes.NotFound);
        await tell.HandleAsync(user);
        return new Done();
    }

    public async Task RemoveAsync(UserId user, CancellationToken cancellation)
    {
        if (await users.SetAvatarAsync(user, null, cancellation))
            await tell.HandleAsync(user);
    }

    /// <summary>Null when there is more than fits.</summary>
    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (bytes.Length + read > MaxBytes)
                return null;
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
