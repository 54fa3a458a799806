using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>
/// One bucket on one server. Bytes go through addresses signed in advance and our own HTTP client, which streams both ways;
/// the SDK signs, lists and deletes.
/// </summary>
internal sealed partial class S3Bucket : IDisposable
{
    // Servers close quiet connections, some after 5 s. Giving them up earlier than that saves a request that would meet the end.
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SignatureAge = TimeSpan.FromHours(1);

    private readonly S3Url _url;
    private readonly AmazonS3Client _sdk;
    private readonly HttpClient _http;

    public S3Bucket(S3Url url, TimeProvider clock, S3Patience? patience = null)
    {
        _url = url;
        Clock = clock;
        Patience = patience ?? S3Patience.Usual;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = Patience.Connect,
            PooledConnectionIdleTimeout = IdleConnection,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _sdk = new AmazonS3Client(new BasicAWSCredentials(url.Key, url.Secret), new AmazonS3Config
        {
            ServiceURL = url.Endpoint.ToString(),
            AuthenticationRegion = url.Region,
            ForcePathStyle = !url.IsAmazon,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 1,
            HttpClientFactory = new SameHandler(handler, Patience.Stall),
        });
    }

    public S3Patience Patience { get; }

    public TimeProvider Clock { get; }

    public async Task ProbeAsync(CancellationToken cancellation) => await S3Errors.GuardAsync(
        () => _sdk.HeadBucketAsync(new HeadBucketRequest { BucketName = _url.Bucket }, cancellation), cancellation);

    /// <summary>Sends one request about one object; the answer's head has come when the task completes. The caller translates.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string key, CancellationToken cancellation, HttpContent? content = null, long? from = null, long? to = null)
    {
        using var request = new HttpRequestMessage(method, Signed(method, key)) { Content = content, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (from is not null)
            request.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(from, to);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>Something small, whole or not at all.</summary>
    public Task PutAsync(string key, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => S3Errors.GuardAsync(
        async () =>
        {
            using var limit = Limit(cancellation);
            using var answer = await SendAsync(HttpMethod.Put, key, limit.Token, new ReadOnlyMemoryContent(bytes));
            await S3Errors.ThrowIfRefusedAsync(answer, limit.Token);
        },
        cancellation);

    /// <summary>Something small; null when it is not there.</summary>
    public Task<Stream?> GetAsync(string key, CancellationToken cancellation) => S3Errors.GuardAsync<Stream?>(
        async () =>
        {
            using var limit = Limit(cancellation);
            using var answer = await SendAsync(HttpMethod.Get, key, limit.Token);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                return null;
            await S3Errors.ThrowIfRefusedAsync(answer, limit.Token);
            return new MemoryStream(await answer.Content.ReadAsByteArrayAsync(limit.Token), writable: false);
        },
        cancellation);

    public Task<bool> HasAsync(string key, CancellationToken cancellation) => S3Errors.GuardAsync(
        async () =>
        {
            using var limit = Limit(cancellation);
            using var answer = await SendAsync(HttpMethod.Head, key, limit.Token);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                return false;
            await S3Errors.ThrowIfRefusedAsync(answer, limit.Token);
            return true;
        },
        cancellation);

    public void Dispose()
    {
        _sdk.Dispose();
        _http.Dispose();
    }

    /// <summary>Ends with the caller's patience or with ours.</summary>
    public CancellationTokenSource Limit(CancellationToken cancellation)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience.Stall);
        return limit;
    }

    private string Signed(HttpMethod method, string key) => _sdk.GetPreSignedURL(new GetPreSignedUrlRequest
    {
        BucketName = _url.Bucket,
        Key = key,
        Verb = method == HttpMethod.Put ? HttpVerb.PUT : method == HttpMethod.Head ? HttpVerb.HEAD : HttpVerb.GET,
        Expires = (Clock.GetUtcNow() + SignatureAge).UtcDateTime,
        Protocol = _url.Tls ? Protocol.HTTPS : Protocol.HTTP,
    });

    private sealed class SameHandler(SocketsHttpHandler handler, TimeSpan limit) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false) { Timeout = limit };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
