using System.Runtime.CompilerServices;
using Amazon.S3.Model;

namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>What is in the bucket, and taking it out.</summary>
internal sealed partial class S3Bucket
{
    private const int LargestBatch = 1000;

    /// <summary>The keys that begin so, in their order.</summary>
    public async IAsyncEnumerable<string> KeysAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync(prefix, null, cancellation))
        {
            foreach (var found in page.S3Objects ?? [])
                yield return found.Key;
        }
    }

    /// <summary>The folders below a prefix that ends with a stroke, in their order, without the prefix and without their own stroke.</summary>
    public async IAsyncEnumerable<string> FoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync(prefix, "/", cancellation))
        {
            foreach (var found in page.CommonPrefixes ?? [])
                yield return found[prefix.Length..^1];
        }
    }

    public async Task DeleteAsync(IAsyncEnumerable<string> keys, CancellationToken cancellation)
    {
        await foreach (var batch in keys.Chunk(LargestBatch).WithCancellation(cancellation))
        {
            await S3Errors.GuardAsync(
                () => _sdk.DeleteObjectsAsync(
                    new DeleteObjectsRequest { BucketName = _url.Bucket, Quiet = true, Objects = [.. batch.Select(key => new KeyVersion { Key = key })] },
                    cancellation),
                cancellation);
        }
    }

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(string prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = _url.Bucket, Prefix = prefix, Delimiter = delimiter };
        do
        {
            var page = await S3Errors.GuardAsync(() => _sdk.ListObjectsV2Async(request, cancellation), cancellation);
            yield return page;
            request.ContinuationToken = page.IsTruncated is true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }
}
