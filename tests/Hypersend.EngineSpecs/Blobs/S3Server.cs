using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Blobs.S3;

namespace Hypersend.EngineSpecs.Blobs;

/// <summary>The S3 server that the environment names.</summary>
internal static class S3Server
{
    public const string Variable = "HYPERSEND_TEST_S3";

    /// <summary>Skips the test when there is none.</summary>
    public static S3Url Url
    {
        get
        {
            var value = Environment.GetEnvironmentVariable(Variable);
            Assert.SkipWhen(string.IsNullOrEmpty(value), $"An S3 server is absent: {Variable} is not set");
            return S3Url.Parse(value!) ?? throw new InvalidOperationException($"{Variable} must be {S3Url.Shape}.");
        }
    }

    /// <summary>A fresh bucket for one test, so that no test lists what another is deleting.</summary>
    public static async Task<S3Url> CreateBucketAsync()
    {
        var url = Url with { Bucket = $"{Url.Bucket}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}" };
        using var sdk = new AmazonS3Client(
            new BasicAWSCredentials(url.Key, url.Secret), new AmazonS3Config { ServiceURL = url.Endpoint.ToString(), ForcePathStyle = true, AuthenticationRegion = url.Region });
        await sdk.PutBucketAsync(url.Bucket, TestContext.Current.CancellationToken);
        return url;
    }

    /// <summary>As a setting.</summary>
    public static string Setting(S3Url url) => $"s3://{url.Key}:{url.Secret}@{url.Host}:{url.Port}/{url.Bucket}?region={url.Region}&tls={(url.Tls ? "on" : "off")}";

    public static FaultProxy Proxy() => new(Url.Host, Url.Port);

    public static S3Url Through(S3Url url, FaultProxy proxy) => url with { Host = "127.0.0.1", Port = proxy.Port };
}
