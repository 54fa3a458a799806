using Hypersend.Server.Engines.Blobs.S3;

namespace Hypersend.Tests.Engines;

public sealed class S3UrlTests
{
    [Fact]
    public void Every_part_of_an_address_is_read()
    {
        var url = S3Url.Parse("s3://AKIA%3A1:se%2Fcr%2Bet@minio.example.org:9000/my-bucket.1?region=eu-central-1&tls=off");
        Assert.Equal(new S3Url("AKIA:1", "se/cr+et", "minio.example.org", 9000, "my-bucket.1", "eu-central-1", Tls: false), url);
        Assert.Equal("http://minio.example.org:9000/", url!.Endpoint.ToString());
    }

    [Theory]
    [InlineData("s3://k:s@s3.example.org/files", 443, "us-east-1", true)]
    [InlineData("s3://k:s@s3.example.org/files?tls=on", 443, "us-east-1", true)]
    [InlineData("s3://k:s@s3.example.org/files?tls=off", 80, "us-east-1", false)]
    [InlineData("s3://k:s@s3.example.org:9000/files?", 9000, "us-east-1", true)]
    [InlineData("s3://k:s@10.0.0.7:9000/files?region=garage", 9000, "garage", true)]
    public void What_is_left_out_has_its_usual_value(string text, int port, string region, bool tls)
    {
        var url = S3Url.Parse(text);
        Assert.NotNull(url);
        Assert.Equal((port, region, tls, "files"), (url.Port, url.Region, url.Tls, url.Bucket));
    }

    [Theory]
    [InlineData("s3://bucket")]
    [InlineData("s3://host/bucket")]
    [InlineData("s3://key@host/bucket")]
    [InlineData("s3://:secret@host/bucket")]
    [InlineData("s3://key:@host/bucket")]
    [InlineData("s3://key:se:cret@host/bucket")]
    [InlineData("s3://key:se/cret@host/bucket")]
    [InlineData("s3://key:secret@/bucket")]
    [InlineData("s3://key:secret@host")]
    [InlineData("s3://key:secret@host/")]
    [InlineData("s3://key:secret@host/bucket/folder")]
    [InlineData("s3://key:secret@host/Bucket")]
    [InlineData("s3://key:secret@host/b")]
    [InlineData("s3://key:secret@host:0x50/bucket")]
    [InlineData("s3://key:secret@host:70000/bucket")]
    [InlineData("s3://key:secret@host/bucket?region=")]
    [InlineData("s3://key:secret@host/bucket?region=eu%20central")]
    [InlineData("s3://key:secret@host/bucket?tls=yes")]
    [InlineData("s3://key:secret@host/bucket?tls")]
    [InlineData("s3://key:secret@host/bucket?acl=public")]
    [InlineData("s3://key:secret@host/bucket#part")]
    [InlineData("https://key:secret@host/bucket")]
    [InlineData("key:secret@host/bucket")]
    [InlineData("")]
    public void An_address_that_is_not_whole_or_says_more_than_is_known_is_none(string text) => Assert.Null(S3Url.Parse(text));

    [Fact]
    public void Shown_it_has_no_login() =>
        Assert.Equal("s3://host.example.org:443/bucket", S3Url.Parse("s3://key:secret@host.example.org/bucket")!.ToString());

    [Theory]
    [InlineData("s3.eu-central-1.amazonaws.com", true)]
    [InlineData("s3.example.org", false)]
    [InlineData("amazonaws.com.example.org", false)]
    public void Only_amazon_has_its_bucket_in_the_name_of_the_host(string host, bool amazon) =>
        Assert.Equal(amazon, S3Url.Parse($"s3://key:secret@{host}/bucket")!.IsAmazon);
}
