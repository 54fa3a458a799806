using Hypersend.Contracts.Files;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Makes the address by which a download manager gets a file. Such a program knows nothing of the page it was called from,
/// so the address is absolute: PUBLIC_URL when it is set, else the address by which the caller came.
/// </summary>
internal sealed class SignUrl(SignedUrls urls, ServerOptions server, TimeProvider clock)
{
    public const string Parameter = "sig";
    public const int Longest = 7 * 24 * 60 * 60;

    private static readonly TimeSpan Usual = TimeSpan.FromHours(24);

    public SignedUrl Handle(Caller caller, FileRow file, int? seconds, HttpRequest request)
    {
        // The signature knows whole seconds.
        var end = clock.GetUtcNow() + (seconds is { } asked ? TimeSpan.FromSeconds(asked) : Usual);
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(end.ToUnixTimeSeconds());
        var start = server.HasPublicUrl ? server.PublicUrl : new Uri($"{request.Scheme}://{request.Host}");
        return new SignedUrl
        {
            Url = new Uri(start, $"{FileView.DownloadUrl(file.Id)}?{Parameter}={urls.Sign(file.Id, caller.SessionId, expiresAt)}").ToString(),
            ExpiresAt = expiresAt,
        };
    }
}
