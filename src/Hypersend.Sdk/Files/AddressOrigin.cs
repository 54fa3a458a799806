using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Files;

/// <summary>
/// An address that opens one file without an account: a signed one, or that of a link. There are no digests behind it, so its
/// pieces are what the line and its checks make of them.
/// </summary>
internal sealed class AddressOrigin(HttpClient http, Uri address, string? password) : DownloadOrigin
{
    private const int PieceLength = 8 << 20;

    public override async Task<DownloadPlan> LookAsync(DownloadPlan? before, CancellationToken cancellation)
    {
        using var answer = await AskAsync(cancellation);
        var etag = answer.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;
        var file = new FetchedFile
        {
            Filename = answer.Content.Headers.ContentDisposition is { } told ? told.FileNameStar ?? told.FileName?.Trim('"') ?? "" : Uri.UnescapeDataString(address.Segments[^1]),
            Size = answer.Content.Headers.ContentLength ?? throw new InvalidDataException("The server does not say how large it is: it is still coming, perhaps."),
            Sha256Root = etag?.Trim('"') is { Length: 2 * SHA256.HashSizeInBytes } root ? root : null,
        };
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.GetLeftPart(UriPartial.Path) + " " + etag)));
        return new DownloadPlan(key, file, PieceLength, etag);
    }

    /// <summary>Without a body, a refusal does not say whose it is: it is asked for once more with one.</summary>
    private async Task<HttpResponseMessage> AskAsync(CancellationToken cancellation)
    {
        try
        {
            return await SendAsync(HttpMethod.Head, null, null, cancellation);
        }
        catch (HypersendException refusal) when (refusal is { Code: HypersendException.ForeignAnswer, Status: 403 or 404 or 410 })
        {
            using var refused = await SendAsync(HttpMethod.Get, new RangeHeaderValue(0, 0), null, cancellation);
            throw;
        }
    }

    public override async Task<OpenedBytes> OpenAsync(long from, long to, string? etag, CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Get, new RangeHeaderValue(from, to), etag, cancellation);
        return await OpenedBytes.OfAsync(answer, cancellation);
    }

    public override Task ConfirmAsync(CancellationToken cancellation) => Task.CompletedTask;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, RangeHeaderValue? range, string? etag, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Range = range;
        if (etag is not null && range is not null)
            request.Headers.TryAddWithoutValidation("If-Range", etag);
        if (password is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + password)));

        // A visitor is told from others by address and program.
        request.Headers.UserAgent.ParseAdd(string.Create(CultureInfo.InvariantCulture, $"hypersend/{typeof(AddressOrigin).Assembly.GetName().Version!.ToString(2)}"));
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await Problems.ReadAsync(answer, cancellation);
    }
}
