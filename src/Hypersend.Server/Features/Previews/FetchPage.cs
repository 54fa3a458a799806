using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Media;
using Hypersend.Server.Platform.Outbound;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Previews;

/// <summary>Looks at a page that somebody linked to: five seconds, one mebibyte, three redirects, and nothing but HTML.</summary>
internal sealed class FetchPage(OutboundClient http, SlowHosts slow, TimeProvider clock)
{
    private const int MostRedirects = 3;
    private const int MostPageBytes = 1024 * 1024;
    private const int MostImageBytes = 512 * 1024;
    private const int LongestTitle = 200;
    private const int LongestDescription = 400;
    private const int LongestSite = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly SearchValues<char> NameEnds = SearchValues.Create("\"' />;");
    private static readonly string[] Shown = ["image/jpeg", "image/png", "image/webp", "image/gif"];

    /// <summary>Null when there is nothing to show.</summary>
    public async Task<(LinkPreview Card, PreviewImage? Image)?> HandleAsync(string link, CancellationToken cancellation)
    {
        if (await AskAsync(new Uri(link), "text/html", MostPageBytes, cancellation) is not { } page || page.Type?.MediaType is not ("text/html" or "application/xhtml+xml"))
            return null;
        var head = HtmlHead.Read(EncodingOf(page).GetString(page.Bytes));
        if ((head.Word("og:title", "twitter:title") ?? head.Title) is not { } title)
            return null;
        var description = head.Word("og:description", "twitter:description", "description");
        var card = new LinkPreview
        {
            Url = link,
            Title = Excerpt.Of(title, LongestTitle),
            Description = description is null ? null : Excerpt.Of(description, LongestDescription),
            Site = Excerpt.Of(head.Word("og:site_name", "application-name") ?? page.Url.IdnHost, LongestSite),
        };
        return (card, await ImageAsync(page.Url, head.Word("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "image"), cancellation));
    }

    private async Task<PreviewImage?> ImageAsync(Uri page, string? address, CancellationToken cancellation)
    {
        if (address is null || !Uri.TryCreate(page, address, out var url) ||
            await AskAsync(url, "image/webp,image/png,image/jpeg,image/gif", MostImageBytes, cancellation) is not { IsWhole: true } answer)
            return null;

        // What it is, say its bytes: what a page calls a picture may be a program.
        return ImageSniffer.Of(answer.Bytes) is { } type && Shown.Contains(type.Mime)
            ? new PreviewImage { Id = NewId(), Mime = type.Mime, Bytes = answer.Bytes }
            : null;
    }

    private async Task<Answer?> AskAsync(Uri url, string accept, int mostBytes, CancellationToken cancellation)
    {
        var (slowest, start) = (url, clock.GetTimestamp());
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            for (var redirects = 0; redirects <= MostRedirects; redirects++)
            {
                if (!http.MayAsk(url) || slow.IsResting(url))
                    return null;

                // A host to which somebody sent us on late had no time to answer, and is not to blame.
                if (clock.GetElapsedTime(start) < Patience / 2)
                    slowest = url;
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.TryAddWithoutValidation("Accept", accept);
                request.Headers.TryAddWithoutValidation("User-Agent", "Hypersend (link preview)");
                using var answer = await http.SendAsync(request, either.Token);
                if (IsRedirect(answer.StatusCode) && answer.Headers.Location is { } location)
                {
                    url = new Uri(url, location);
                    continue;
                }

                // Nobody asked for a packed one.
                if (answer.StatusCode != HttpStatusCode.OK || answer.Content.Headers.ContentEncoding.Count > 0)
                    return null;
                var (bytes, isWhole) = await ReadAsync(answer.Content, mostBytes, either.Token);
                return new Answer(url, answer.Content.Headers.ContentType, bytes, isWhole);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            slow.Note(slowest);
            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UriFormatException)
        {
            return null;
        }

        return null;
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static async Task<(byte[] Bytes, bool IsWhole)> ReadAsync(HttpContent content, int most, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(most + 1);
        try
        {
            var read = await stream.ReadAtLeastAsync(buffer.AsMemory(0, most + 1), most + 1, throwOnEndOfStream: false, cancellation);
            return (buffer[..Math.Min(read, most)], read <= most);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Encoding EncodingOf(Answer page)
    {
        var name = page.Type?.CharSet?.Trim('"', '\'') ?? MetaCharset(page.Bytes);
        try
        {
            return name is null ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // Unknown, or one that is not read any more, as UTF-7: it could hide what a text is.
            return Encoding.UTF8;
        }
    }

    private static string? MetaCharset(ReadOnlySpan<byte> page)
    {
        var start = Encoding.Latin1.GetString(page[..Math.Min(page.Length, 1024)]);
        var at = start.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var name = start.AsSpan(at + "charset=".Length).TrimStart("\"' ");
        var end = name.IndexOfAny(NameEnds);
        return end is > 0 and < 40 ? name[..end].ToString() : null;
    }

    // Not by time: an address that can be guessed would tell what others link to.
    private static Guid NewId() => new(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    private sealed record Answer(Uri Url, MediaTypeHeaderValue? Type, byte[] Bytes, bool IsWhole);
}
