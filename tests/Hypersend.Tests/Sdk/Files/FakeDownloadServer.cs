using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Tests.Sdk.Files;

/// <summary>As much of the server as a download meets, with what goes wrong at will.</summary>
internal sealed class FakeDownloadServer : HttpMessageHandler
{
    public const int ChunkSize = 64 * 1024;

    private readonly FileId _id = new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

    public FileId Id => _id;

    public byte[] Whole { get; set; } = [];

    public bool HasRoot { get; set; } = true;

    public string State { get; set; } = FileStates.Ready;

    /// <summary>How many chunks there are so far; each look at the digests finds one more. Null when all of it is there.</summary>
    public int? Coming { get; set; }

    public bool IsSizeKnown { get; set; } = true;

    /// <summary>One for each request for bytes, in their order; null and after the last one all goes well.</summary>
    public ConcurrentQueue<Mishap?> Mishaps { get; } = [];

    /// <summary>Where each request for bytes began.</summary>
    public ConcurrentQueue<long> Asked { get; } = [];

    /// <summary>Asked before each.</summary>
    public Action? Meets { get; set; }

    public int Confirmed { get; private set; }

    public bool Lies { get; set; }

    public string Root => RootOf(Whole);

    private bool IsComing => Coming * ChunkSize < Whole.Length;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        switch (path[(path.LastIndexOf('/') + 1)..])
        {
            case "meta":
                return Json(
                    new SharedFile
                    {
                        Id = _id,
                        Filename = "file",
                        Size = IsComing && !IsSizeKnown ? null : Whole.Length,
                        Mime = "application/octet-stream",
                        State = IsComing ? FileStates.Uploading : State,
                        ReceivedBytes = Whole.Length,
                        Sha256Root = HasRoot && !IsComing ? Root : null,
                        Retention = new Retention { Mode = RetentionModes.Keep },
                        ExpiresAt = null,
                        OwnerId = default,
                        CreatedAt = default,
                    },
                    HypersendJson.Wire.SharedFile);
            case "chunks":
                var here = IsComing ? Coming++ ?? 0 : int.MaxValue;
                return Json(
                    new FileDigests { ChunkSize = ChunkSize, Sha256 = HasRoot ? [.. Digests(Lies ? [1, .. Whole] : Whole).Take(here).Select(Convert.ToHexStringLower)] : [] },
                    HypersendJson.Wire.FileDigests);
            case "received":
                Confirmed++;
                return new HttpResponseMessage(HttpStatusCode.NoContent);
            case "download":
                return await SendBytesAsync(request, cancellationToken);
            default:
                throw new InvalidOperationException("A download asks nothing of " + path);
        }
    }

    private static IEnumerable<byte[]> Digests(byte[] bytes) => bytes.Chunk(ChunkSize).Select(SHA256.HashData);

    public static string RootOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData([.. Digests(bytes).SelectMany(digest => digest)]));

    private async Task<HttpResponseMessage> SendBytesAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var range = request.Headers.Range!.Ranges.Single();
        var (from, to) = ((int)range.From!.Value, (int)range.To!.Value);
        Asked.Enqueue(from);
        Meets?.Invoke();
        cancellation.ThrowIfCancellationRequested();
        Mishaps.TryDequeue(out var mishap);
        if (mishap is { Refusal: { } refusal })
            return Refuse(refusal.Status, refusal.Code, mishap.RetryAfter);
        if (mishap is { Stalls: { } stalls })
        {
            stalls();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }

        if (mishap is { LosesAnswer: true })
            throw new HttpRequestException("The answer was lost.");

        // Another file than the one that was asked for: the whole of it.
        var isWhole = !request.Headers.GetValues("If-Range").Intersect([$"\"{(HasRoot ? Root : _id)}\"", $"\"{_id}\""]).Any();
        var bytes = isWhole ? Whole : Whole[from..(to + 1)];
        if (mishap is { Corrupts: true })
            bytes[^1] ^= 1;
        var answer = new HttpResponseMessage(isWhole ? HttpStatusCode.OK : HttpStatusCode.PartialContent)
        {
            Content = new StreamContent(new CutStream(bytes, mishap?.CutAt ?? long.MaxValue)),
        };
        answer.Content.Headers.ContentLength = bytes.Length;
        if (!isWhole)
            answer.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, to, Whole.Length);
        return answer;
    }

    private static HttpResponseMessage Json<T>(T body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        new(HttpStatusCode.OK) { Content = JsonContent.Create(body, type) };

    private static HttpResponseMessage Refuse(int status, string code, int? retryAfter)
    {
        var problem = new ApiProblem { Type = "", Title = "", Status = status, Code = code, Detail = code, Hint = "", Hints = [], Error = code, TraceId = "" };
        var answer = new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent(JsonSerializer.Serialize(problem, HypersendJson.Wire.ApiProblem), null, "application/problem+json"),
        };
        if (retryAfter is { } seconds)
            answer.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
        return answer;
    }

    /// <summary>A line that goes after so many bytes.</summary>
    private sealed class CutStream(byte[] bytes, long cut) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var left = cut - Position;
            return left <= 0 ? throw new IOException("The line was cut.") : base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
        }
    }
}
