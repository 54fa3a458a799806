using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Web;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Tests.Sdk.Files;

/// <summary>What happens to one request for a chunk.</summary>
internal sealed record Mishap
{
    /// <summary>The line goes after so many bytes.</summary>
    public long? CutAt { get; init; }

    /// <summary>The chunk is kept, and the answer is lost.</summary>
    public bool LosesAnswer { get; init; }

    /// <summary>Nothing is read and nothing is answered; this is called when it begins.</summary>
    public Action? Stalls { get; init; }

    /// <summary>The bytes come to harm on their way.</summary>
    public bool Corrupts { get; init; }

    /// <summary>It is answered so.</summary>
    public (int Status, string Code)? Refusal { get; init; }

    public int? RetryAfter { get; init; }
}

/// <summary>As much of the server as an upload meets, with what goes wrong at will.</summary>
internal sealed class FakeFileServer : HttpMessageHandler
{
    public const int ChunkSize = 64 * 1024;

    private readonly FileId _id = new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
    private long? _size;
    private int _tokens;

    public ConcurrentDictionary<int, byte[]> Chunks { get; } = [];

    /// <summary>One for each request for a chunk, in their order; null and after the last one all goes well.</summary>
    public ConcurrentQueue<Mishap?> Mishaps { get; } = [];

    /// <summary>Asked before each chunk.</summary>
    public Action<int>? Meets { get; set; }

    /// <summary>The chunks that were asked to be taken, in their order.</summary>
    public ConcurrentQueue<int> Asked { get; } = [];

    public ConcurrentQueue<string?> ClientIds { get; } = [];

    public int InitAnswersToLose { get; set; }

    /// <summary>The first small call of this name is not answered; this is called when it begins.</summary>
    public (string Name, Action Begins)? Stalls { get; set; }

    public int SecretsLost { get; set; }

    public string? RootToSay { get; set; }

    /// <summary>Somebody asked to publish it.</summary>
    public bool IsComplete { get; private set; }

    public byte[] Whole => [.. Chunks.OrderBy(chunk => chunk.Key).SelectMany(chunk => chunk.Value)];

    /// <summary>From now on only a token that is fetched anew is good.</summary>
    public void RevokeTokens() => Interlocked.Increment(ref _tokens);

    public int Tokens => Volatile.Read(ref _tokens);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (Stalls is { } stalls && path.EndsWith(stalls.Name, StringComparison.Ordinal))
        {
            Stalls = null;
            stalls.Begins();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return path[(path.LastIndexOf('/') + 1)..] switch
        {
            "init" => Init((await request.Content!.ReadFromJsonAsync(HypersendJson.Wire.InitUploadRequest, cancellationToken))!),
            "chunk" => await TakeAsync(request, cancellationToken),
            "status" => Json(Status(request), HypersendJson.Wire.UploadStatus),
            "complete" => Complete((await request.Content!.ReadFromJsonAsync(HypersendJson.Wire.CompleteUploadRequest, cancellationToken))!),
            _ => throw new InvalidOperationException("An upload asks nothing of " + path),
        };
    }

    private HttpResponseMessage Init(InitUploadRequest request)
    {
        ClientIds.Enqueue(request.ClientId);
        _size = request.Size;
        if (InitAnswersToLose-- > 0)
            throw new HttpRequestException("The answer was lost.");
        return Json(
            new Upload
            {
                UploadId = _id,
                FileId = _id,
                UploadToken = "token-" + Tokens,
                ChunkSize = ChunkSize,
                TotalChunks = Total,
                MaxParallel = 4,
                ExpiresAt = DateTimeOffset.MaxValue,
                Received = Ranges(),
            },
            HypersendJson.Wire.Upload,
            HttpStatusCode.Created);
    }

    private async Task<HttpResponseMessage> TakeAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var index = int.Parse(HttpUtility.ParseQueryString(request.RequestUri!.Query)["chunk_index"]!, CultureInfo.InvariantCulture);
        Asked.Enqueue(index);
        Meets?.Invoke(index);
        cancellation.ThrowIfCancellationRequested();
        if (request.Headers.Authorization?.Parameter != "token-" + Tokens)
            return Refuse(401, ErrorCodes.InvalidToken, null);
        Mishaps.TryDequeue(out var mishap);
        if (mishap is { Refusal: { } refusal })
            return Refuse(refusal.Status, refusal.Code, mishap.RetryAfter);
        if (mishap is { Stalls: { } stalls })
        {
            stalls();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }

        using var body = new MemoryStream();
        await request.Content!.CopyToAsync(mishap is { CutAt: { } cut } ? new CutStream(cut) : body, cancellation);
        var bytes = body.ToArray();
        if (mishap is { Corrupts: true })
            bytes[0] ^= 1;
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != request.Content.Headers.GetValues("X-Chunk-SHA256").Single())
            return Refuse(422, ErrorCodes.ChecksumMismatch, null);
        Chunks[index] = bytes;
        if (mishap is { LosesAnswer: true })
            throw new HttpRequestException("The answer was lost.");
        return Json(new ChunkReceived { ChunkIndex = index, ReceivedBytes = Received, ReceivedChunks = Chunks.Count }, HypersendJson.Wire.ChunkReceived);
    }

    private UploadStatus Status(HttpRequestMessage request) => new()
    {
        State = FileStates.Uploading,
        Received = Ranges(),
        ReceivedBytes = Received,
        Size = _size,
        ChunkSize = ChunkSize,
        TotalChunks = Total,
        ExpiresAt = DateTimeOffset.MaxValue,
        UploadToken = request.Headers.Authorization?.Parameter == "session" ? "token-" + Tokens : null,
    };

    private HttpResponseMessage Complete(CompleteUploadRequest request)
    {
        IsComplete = true;
        if (SecretsLost-- > 0)
            Chunks.TryRemove(0, out _);
        var total = Total ?? Chunks.Count;
        if (Enumerable.Range(0, total).Any(index => !Chunks.ContainsKey(index)))
            return Refuse(409, ErrorCodes.ChunksMissing, null);
        var root = Convert.ToHexStringLower(SHA256.HashData([.. Enumerable.Range(0, total).SelectMany(index => SHA256.HashData(Chunks[index]))]));
        if (request.Sha256Root is { } said && said != root)
            return Refuse(422, ErrorCodes.ChecksumMismatch, null);
        var done = new CompletedUpload
        {
            FileId = _id,
            Filename = "file",
            Size = Received,
            Mime = "application/octet-stream",
            Sha256Root = RootToSay ?? root,
            Status = "completed",
            DownloadUrl = "",
        };
        return Json(done, HypersendJson.Wire.CompletedUpload);
    }

    private int? Total => _size is { } size ? (int)((size + ChunkSize - 1) / ChunkSize) : null;

    private long Received => Chunks.Values.Sum(chunk => (long)chunk.Length);

    private int[][] Ranges() => [.. Chunks.Keys.Order().Select(index => new[] { index, index })];

    private static HttpResponseMessage Json<T>(T body, JsonTypeInfo<T> type, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = JsonContent.Create(body, type) };

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
    private sealed class CutStream(long cut) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Length + buffer.Length > cut ? throw new IOException("The line was cut.") : base.WriteAsync(buffer, cancellationToken);
    }
}
