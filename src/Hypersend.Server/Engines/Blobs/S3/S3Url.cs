using System.Text.RegularExpressions;

namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>Reads <c>s3://key:secret@host:9000/bucket?region=eu-central-1&amp;tls=off</c>.</summary>
internal sealed partial record S3Url(string Key, string Secret, string Host, int Port, string Bucket, string Region, bool Tls)
{
    public const string Shape = "s3://key:secret@host:port/bucket?region=us-east-1&tls=on (tls=off only inside one machine; a / in the secret is written %2F)";

    public const string Example = "s3://key:secret@s3.example.org/hypersend?region=eu-central-1";

    // What Amazon's own servers sign for when nobody names a region, and what others do not look at.
    private const string UsualRegion = "us-east-1";

    /// <summary>Amazon wants the bucket in the host's name; all others are asked by path, which needs no name of its own per bucket.</summary>
    public bool IsAmazon => Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase);

    public Uri Endpoint => new UriBuilder(Tls ? "https" : "http", Host, Port).Uri;

    /// <summary>Null when the text is no such address.</summary>
    public static S3Url? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "s3" || url.Host.Length == 0 || url.Fragment.Length > 0)
            return null;
        var login = url.UserInfo.Split(':');
        if (login is not [{ Length: > 0 } key, { Length: > 0 } secret])
            return null;
        var bucket = url.AbsolutePath.TrimStart('/');
        if (!BucketName().IsMatch(bucket))
            return null;

        var region = UsualRegion;
        var tls = true;
        foreach (var part in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (part.Split('=', 2))
            {
                case ["region", var name] when RegionName().IsMatch(name):
                    region = name;
                    break;
                case ["tls", "on" or "off"]:
                    tls = part.EndsWith("on", StringComparison.Ordinal);
                    break;
                default:
                    return null;
            }
        }

        var port = url.Port > 0 ? url.Port : tls ? 443 : 80;
        return new S3Url(Uri.UnescapeDataString(key), Uri.UnescapeDataString(secret), url.IdnHost, port, bucket, region, tls);
    }

    /// <summary>Without the login: this may be logged.</summary>
    public override string ToString() => $"s3://{Host}:{Port}/{Bucket}";

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();

    [GeneratedRegex("^[a-z0-9-]{1,32}$")]
    private static partial Regex RegionName();
}
