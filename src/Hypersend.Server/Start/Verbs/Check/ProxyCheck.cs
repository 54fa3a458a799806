using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Hypersend.Server.Engines.Sql;
using Hypersend.Server.Features.Admin;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>
/// PUBLIC_URL leads to this server, and whatever stands in between lets through what it has to: bodies as large as a chunk, each byte
/// when it comes, and who is calling.
/// </summary>
internal sealed class ProxyCheck : ICheck
{
    private const int SmallBody = 64 * 1024;

    public string Name => "public";

    public string Fix => "Look at PUBLIC_URL, at its name in the DNS, at the proxy, and whether the server runs.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!site.HasKey)
        {
            yield return Finding.Warning("public", "not looked at: this server has no key yet", "Start it once, and check again.");
            yield break;
        }

        var url = new Uri(site.Server.PublicUrl, CheckEndpoint.Path);
        var (failure, plain) = (default(string), default(Passage));
        var (asked, began) = (site.Clock.GetUtcNow(), site.Clock.GetTimestamp());
        try
        {
            plain = await PassAsync(site, url, 0, TimeSpan.Zero, cancellation);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            failure = Words.Of(exception);
        }

        if (plain is null)
        {
            yield return site.Server.HasPublicUrl
                ? Finding.Wrong("public", $"{site.Server.PublicUrl} does not answer: {failure}", Fix)
                : Finding.Warning("public", $"no server answers at {site.Server.PublicUrl}: {failure}", "Start it and check again; set PUBLIC_URL to the address people type.");
            yield break;
        }

        var round = site.Clock.GetElapsedTime(began);
        foreach (var finding in await JudgePlainAsync(site, plain, asked, cancellation))
            yield return finding;
        if (plain.Arrival is null)
            yield break;
        await foreach (var finding in LookAtBodiesAsync(site, url, round, cancellation))
            yield return finding;
    }

    private static async Task<IReadOnlyList<Finding>> JudgePlainAsync(Site site, Passage plain, DateTimeOffset asked, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        var url = site.Server.PublicUrl;

        // A Date has whole seconds, and some servers look at the clock once a second.
        if (plain.Answer.Headers.TryGetValue("Date", out var date) && DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.None, out var theirs))
            findings.Add(SchemaFindings.Clock("public.clock", "the proxy's clock", SchemaFindings.Ahead(theirs, asked.AddSeconds(-2), site.Clock.GetUtcNow())));
        if (plain.Arrival is not { } arrival)
        {
            return
            [
                .. findings,
                Finding.Wrong(
                    "public", string.Create(CultureInfo.InvariantCulture, $"{url} answers {plain.Answer.Status}, and is not this server"),
                    plain.Answer.Status == StatusCodes.Status404NotFound
                        ? "Another server answers there, or this one with another SECRET_KEY. Run this check with the settings and as the user of the server."
                        : "Look at the proxy: it must hand every path on to this server."),
            ];
        }

        // Looking for the database of a server that has another one must not make a file.
        var epoch = site.Get<DatabaseUrl>().SqlitePath is { } path && !File.Exists(path) ? null : await site.Get<IAdminStore>().ReadFactAsync("epoch", cancellation);
        var isThis = site.Get<CheckPass>().IsProof(arrival.Proof, plain.Pass) && arrival.Epoch == epoch;
        return
        [
            .. findings,
            Finding.Judge(
                isThis, "public", isThis ? $"{url} is this server, version {arrival.Version}" : $"{url} is a server on another database",
                "Run this check with the settings of the server: DATA_ROOT and DATABASE_URL above all."),
            JudgeAddress(arrival),
            JudgeScheme(url, arrival),
        ];
    }

    private static async IAsyncEnumerable<Finding> LookAtBodiesAsync(Site site, Uri url, TimeSpan round, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Announced and begun: that is what a proxy refuses, or keeps.
        var chunk = site.Get<Features.Files.FileOptions>().ChunkSize;
        var large = await PassAsync(site, url, chunk, site.Patience.FirstByte, cancellation);
        yield return large.Answer.Status == StatusCodes.Status413PayloadTooLarge
            ? Finding.Wrong(
                "public.body", $"a body of {Words.Bytes(chunk)} (CHUNK_SIZE) is refused with 413",
                "nginx: client_max_body_size 0; (chunks have up to 64 MiB, and tus sends a file in one request).")
            : Finding.Ok("public.body", $"a body of {Words.Bytes(chunk)} (CHUNK_SIZE) is let in");
        if (large.CameAtOnce && large.Arrival is not null)
        {
            yield return JudgeBuffering(cameAtOnce: true, 1);
            yield break;
        }

        var small = await PassAsync(site, url, SmallBody, site.Patience.FirstByte / 2, cancellation);
        if (small.Arrival is null)
            yield return Finding.Wrong("public.buffering", string.Create(CultureInfo.InvariantCulture, $"a body is answered {small.Answer.Status}"), "Look at the log of the proxy.");
        else if (!small.CameAtOnce && round > site.Patience.Round)
            yield return Finding.Warning("public.buffering", $"not seen: an answer takes {Words.Seconds(round)}", "Check again when the server has less to do.");
        else
            yield return JudgeBuffering(small.CameAtOnce, small.Arrival.FirstBytes);
    }

    /// <param name="cameAtOnce">The answer began before the body had ended.</param>
    /// <param name="firstBytes">How much of the body the server saw first: one byte was sent, and the rest a while later.</param>
    public static Finding JudgeBuffering(bool cameAtOnce, long firstBytes) =>
        cameAtOnce ? Finding.Ok("public.buffering", "the first byte comes through before the last, both ways")
        : firstBytes > 1
            ? Finding.Wrong("public.buffering", "the proxy keeps a body until it is whole", "Uploads wait twice and fill its disk, and files cannot be fetched while they come. nginx: proxy_request_buffering off;")
            : Finding.Warning("public.buffering", "the proxy keeps an answer until it is whole", "Files that are still coming arrive late. nginx: proxy_buffering off; or do not ignore X-Accel-Buffering.");

    public static Finding JudgeAddress(Arrival arrival)
    {
        if (arrival.IsTrusted)
            return Finding.Ok("public.address", $"the server sees the client's address, {arrival.Address}, through the proxy {arrival.Peer}");
        return arrival.IsForwarded
            ? Finding.Wrong("public.address", $"the server takes the proxy, {arrival.Peer}, for everybody", $"All people share one rate limit. Set TRUSTED_PROXIES={arrival.Peer}")
            : Finding.Ok("public.address", $"the server is called by {arrival.Address}, and no proxy says that it is one");
    }

    public static Finding JudgeScheme(Uri publicUrl, Arrival arrival)
    {
        var host = publicUrl.IsDefaultPort ? publicUrl.IdnHost : string.Create(CultureInfo.InvariantCulture, $"{publicUrl.IdnHost}:{publicUrl.Port}");
        if (publicUrl.Scheme == Uri.UriSchemeHttps != arrival.IsHttps)
        {
            return Finding.Wrong(
                "public.scheme", $"the server takes a request to {publicUrl.Scheme} for {(arrival.IsHttps ? "https" : "http")}",
                "Cookies and HSTS go wrong. nginx: proxy_set_header X-Forwarded-Proto $scheme; and proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; with the proxy in TRUSTED_PROXIES.");
        }

        return arrival.Host.Equals(host, StringComparison.OrdinalIgnoreCase)
            ? Finding.Ok("public.scheme", $"the server sees {publicUrl.Scheme} and the host {arrival.Host}")
            : Finding.Warning("public.scheme", $"the server sees the host {arrival.Host} instead of {host}", "nginx: proxy_set_header Host $host;");
    }

    /// <summary>
    /// The head and one byte of a body. When the server begins to answer that, nothing in between keeps anything, and the rest need not
    /// be sent. Otherwise a small body is sent to its end, a while later; of a large one it is known then that it was not refused.
    /// </summary>
    private static async Task<Passage> PassAsync(Site site, Uri url, int length, TimeSpan firstByte, CancellationToken cancellation)
    {
        await using var line = await PublicLine.OpenAsync(url, cancellation);
        var pass = site.Get<CheckPass>().Make();
        await line.WriteHeadAsync(
            "POST", url, cancellation, $"{CheckPass.Header}: {pass}", "Content-Type: application/octet-stream",
            string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}"), "Connection: close");
        var first = FirstAsync(line, cancellation);
        if (length > 0)
        {
            await line.WriteAsync(new byte[1], cancellation);
            if (await Task.WhenAny(first, Task.Delay(firstByte, site.Clock, cancellation)) == first)
            {
                var (head, arrival) = await first;
                return new Passage(pass, head, arrival, CameAtOnce: true);
            }

            if (length > SmallBody)
                return new Passage(pass, new PublicAnswer(0, new Dictionary<string, string>()), null, CameAtOnce: false);
            await line.WriteAsync(new byte[length - 1], cancellation);
        }

        var (answer, begun) = await first;
        return new Passage(pass, answer, begun is null ? null : Read(await line.ReadObjectAsync(cancellation)) ?? begun, CameAtOnce: false);
    }

    private static async Task<(PublicAnswer Answer, Arrival? Arrival)> FirstAsync(PublicLine line, CancellationToken cancellation)
    {
        var answer = await line.ReadHeadAsync(cancellation);
        var isOurs = answer.Status == StatusCodes.Status200OK && answer.Headers.GetValueOrDefault("Content-Type", "") == CheckEndpoint.ContentType;
        return (answer, isOurs ? Read(await line.ReadObjectAsync(cancellation)) : null);
    }

    private static Arrival? Read(string? json) => json is null ? null : JsonSerializer.Deserialize(json, ArrivalJson.Default.Arrival);

    /// <param name="Pass">What was shown.</param>
    /// <param name="Answer">The head of what came back.</param>
    /// <param name="Arrival">The last thing the server said; null when it was not ours.</param>
    /// <param name="CameAtOnce">It began to answer before it had the whole body.</param>
    private sealed record Passage(string Pass, PublicAnswer Answer, Arrival? Arrival, bool CameAtOnce);
}
