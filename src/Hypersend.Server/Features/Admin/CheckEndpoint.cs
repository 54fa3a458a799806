using System.Text.Json;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;

namespace Hypersend.Server.Features.Admin;

/// <summary>
/// /health/check: tells whoever holds a pass how the request arrived, at once, and how its body came, at its end.
/// <c>hypersend-server check</c> asks it through the proxy; for everybody else there is nothing here.
/// </summary>
internal static class CheckEndpoint
{
    public const string Path = "/health/check";

    public const string ContentType = "application/x-ndjson";

    // The largest chunk that an upload may have, which a proxy has to let through.
    private const long MostBytes = 64L * 1024 * 1024;

    public static void MapCheck(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, AnswerAsync).AllowAnonymous().LimitedBy(RateLimitTable.Open).WithMetadata(new BodySize(MostBytes)).ExcludeFromDescription();

    private static async Task AnswerAsync(HttpContext context, CheckPass passes, IAdminStore store)
    {
        var pass = context.Request.Headers[CheckPass.Header].ToString();
        if (!passes.IsGood(pass))
        {
            await Problem.WriteAsync(context, new Failure(ErrorCodes.NotFound));
            return;
        }

        var cancellation = context.RequestAborted;
        var arrival = Arrival.Of(context) with
        {
            Proof = passes.ProofFor(pass),
            Epoch = await store.ReadFactAsync("epoch", cancellation) ?? "",
            Version = ServerVersion.Text,
        };
        context.Response.ContentType = ContentType;

        // As downloads say it: what a proxy holds back here it would hold back there.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await WriteAsync(context, arrival, cancellation);
        try
        {
            await WriteAsync(context, arrival with { FirstBytes = await ReadAsync(context, cancellation) }, cancellation);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Who asked has seen enough, and went before the end of the body.
        }
    }

    /// <summary>Takes the body to its end, and says how much of it was there at first.</summary>
    private static async Task<long> ReadAsync(HttpContext context, CancellationToken cancellation)
    {
        var (body, first) = (context.Request.BodyReader, default(long?));
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            first ??= read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return first.Value;
        }
    }

    private static async Task WriteAsync(HttpContext context, Arrival arrival, CancellationToken cancellation)
    {
        await JsonSerializer.SerializeAsync(context.Response.Body, arrival, ArrivalJson.Default.Arrival, cancellation);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), cancellation);
        await context.Response.Body.FlushAsync(cancellation);
    }
}

/// <summary>A request as the server saw it.</summary>
internal sealed record Arrival
{
    private const string OriginalFor = "X-Original-For";

    public string Proof { get; init; } = "";

    public string Epoch { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary>Whose address the rate limits would count.</summary>
    public string Address { get; init; } = "";

    /// <summary>Who opened the connection: the proxy, when there is one.</summary>
    public string Peer { get; init; } = "";

    public bool IsForwarded { get; init; }

    /// <summary>The forwarded address was believed.</summary>
    public bool IsTrusted { get; init; }

    public bool IsHttps { get; init; }

    public string Host { get; init; } = "";

    /// <summary>How much of the body the server saw first, once it has seen all; 0 before.</summary>
    public long FirstBytes { get; init; }

    public static Arrival Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";

        // The framework leaves the proxy's address here when it has put the client's in its place.
        var peer = context.Request.Headers[OriginalFor].ToString();
        return new Arrival
        {
            Address = address,
            Peer = peer.Length > 0 && System.Net.IPEndPoint.TryParse(peer, out var endpoint) ? endpoint.Address.ToString() : address,
            IsForwarded = HttpSetup.WasForwarded(context),
            IsTrusted = peer.Length > 0,
            IsHttps = context.Request.IsHttps,
            Host = context.Request.Host.Value ?? "",
        };
    }
}

[JsonSerializable(typeof(Arrival))]
internal sealed partial class ArrivalJson : JsonSerializerContext;
