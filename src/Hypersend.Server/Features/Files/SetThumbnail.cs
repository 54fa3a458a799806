using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Media;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>Takes the small picture that the uploading client made: by its bytes, bounded, and never decoded here.</summary>
internal sealed partial class SetThumbnail(IUploadStore store, IBlobStore blobs, TellOfFile tell, TimeProvider clock, ILogger<SetThumbnail> log)
{
    public const int MaxBytes = 256 * 1024;

    // A store takes names of at most 32 letters; this much of the hash tells pictures of one file apart. The rest is chance:
    // the same picture that comes again while it is being replaced must not be the one that is taken away.
    private const int HashDigits = 16;
    private const int ChanceBytes = 4;

    private static readonly string[] Types = ["image/jpeg", "image/png", "image/webp"];

    public async Task<Result<Done>> HandleAsync(FileRow file, Stream body, CancellationToken cancellation)
    {
        var bytes = new byte[MaxBytes + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        if (length > MaxBytes)
            return BodyLimits.TooLarge(MaxBytes);
        var picture = bytes.AsMemory(0, length);
        if (ImageSniffer.Of(picture.Span) is not { } type || !Types.Contains(type.Mime))
            return new Failure(ErrorCodes.UnsupportedImage) { Hint = "Send a JPEG, PNG or WebP file." };

        var hash = Convert.ToHexStringLower(SHA256.HashData(picture.Span))[..HashDigits];
        if (file.Thumbnail?.StartsWith(hash, StringComparison.Ordinal) is true)
            return new Done();
        var name = $"{hash}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ChanceBytes))}-{type.Mime.AsSpan("image/".Length)}";
        await blobs.KeepAsideAsync(file.Id, name, picture, cancellation);
        if (await store.SetThumbnailAsync(file.Id, name, clock.GetUtcNow(), cancellation) is not { } set)
        {
            await DropAsync(file, name);
            return new Failure(ErrorCodes.NotFound);
        }

        await tell.OfCardAsync(set.Shown);
        if (set.Before is { } before)
            await DropAsync(file, before);
        return new Done();
    }

    /// <summary>A picture that no row names any more. What fails here goes with the file.</summary>
    private async Task DropAsync(FileRow file, string name)
    {
        try
        {
            await blobs.DeleteAsideAsync(file.Id, name, CancellationToken.None);
        }
        catch (EngineUnavailableException exception)
        {
            NotDropped(log, file.No, exception);
        }
    }

    [LoggerMessage(419, LogLevel.Warning, "A picture of file {FileNo} that was replaced could not be removed")]
    private static partial void NotDropped(ILogger log, long fileNo, Exception exception);
}
