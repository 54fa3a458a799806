using System.Globalization;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Hostile.Fuzz;

/// <summary>Headers with a grammar of their own, kept and broken.</summary>
internal sealed class Headers(Dice dice, Junk junk)
{
    private static readonly string[] Names =
    [
        "Range", "If-Range", "If-None-Match", "If-Match", "If-Modified-Since", "Accept", "Accept-Encoding", "Accept-Language", "Cookie", "Origin", "Sec-Fetch-Site", "X-Forwarded-For",
        "X-Forwarded-Proto", "X-Request-Id", "Forwarded", "traceparent", "Expect", "Upload-Length", "Upload-Offset", "Upload-Metadata", "Upload-Concat", "Upload-Checksum", "Upload-Defer-Length", "Tus-Resumable",
        "X-HTTP-Method-Override", "Authorization", "Content-Type", "Content-Range", "Content-Encoding", "Content-Digest", "X-Chunk-SHA256", "Idempotency-Key", "User-Agent", "Referer",
    ];

    private static readonly string[] Values =
    [
        "bytes=0-", "bytes=-1", "bytes=5-2", "bytes=0-0,2-2", "bytes=0-18446744073709551615", "bytes=99999999999999999999-", "bytes=" + "0-1," + "0-1,0-1,0-1", "items=0-1", "bytes=a-b", "bytes=", "bytes=0-1,,",
        "W/\"x\"", "\"x\"", "*", "\"", "W/", "Thu, 01 Jan 1970 00:00:00 GMT", "gzip, br;q=0", "identity;q=0, *;q=0", "gzip;q=9", ";;;", "cross-site", "same-origin", "null", "http://evil.example",
        "127.0.0.1", "::1, 10.0.0.1", "unknown", "100-continue", "1.0.0", "0.2.2", "final;/a /b", "partial", "sha1 AAAA", "sha256 ====", "md5 x", "filename d29ybGQ=", "filename", "filename !!!", "a b,c d", ",", "1",
        "Bearer", "Bearer a.b.c", "Bearer hsu_x", "Basic YTpi", "application/offset+octet-stream", "application/json; charset=\"", "multipart/form-data", "multipart/form-data; boundary=", "text/html", "*/*;q=",
        "hs_refresh=x", "__Host-hs_refresh=x; hs_media=y", "hs_link=z; hs_visitor=", "=", "a=b; a=b", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "DELETE", "sha-256=:AAAA:",
    ];

    public void Put(HttpRequestMessage request)
    {
        for (var left = dice.Below(4); left > 0; left--)
        {
            var name = dice.Of(Names);
            var value = dice.Below(6) switch
            {
                0 => junk.Number(),
                1 => Printable(junk.Text()),
                2 => dice.Of(Values) + "," + dice.Of(Values),
                3 when name == "Range" => Ranges(),
                _ => dice.Of(Values),
            };
            // Who expects to go on and is not told to would be waited for.
            if (name == "Expect")
                value = dice.OneIn(2) ? "100-continue" : "something";
            if (name is "Content-Type" or "Content-Range" or "Content-Encoding" or "Content-Digest")
            {
                request.Content?.Headers.Remove(name);
                request.Content?.Headers.TryAddWithoutValidation(name, value);
                continue;
            }

            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private string Ranges() =>
        "bytes=" + string.Join(',', Enumerable.Range(0, 1 + dice.Below(dice.OneIn(20) ? 2000 : 6)).Select(_ => string.Create(CultureInfo.InvariantCulture, $"{dice.Below(20)}-{(dice.OneIn(3) ? "" : dice.Below(20))}")));

    /// <summary>A client writes no others into a header.</summary>
    private static string Printable(string text) => new([.. text.Where(one => one is >= ' ' and <= '~').Take(4000)]);
}
