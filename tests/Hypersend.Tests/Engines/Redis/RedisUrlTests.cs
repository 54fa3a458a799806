using Hypersend.Server.Engines.Redis;

namespace Hypersend.Tests.Engines.Redis;

public sealed class RedisUrlTests
{
    [Theory]
    [InlineData("redis://localhost", "localhost", 6379, null, null, 0, false)]
    [InlineData("redis://:secret@10.0.0.7:7000/3", "10.0.0.7", 7000, null, "secret", 3, false)]
    [InlineData("redis://secret@10.0.0.7", "10.0.0.7", 6379, null, "secret", 0, false)]
    [InlineData("rediss://ana:s%2Fe%40c@cache.example.org/", "cache.example.org", 6379, "ana", "s/e@c", 0, true)]
    public void Every_part_of_an_address_is_read(string text, string host, int port, string? user, string? password, int database, bool tls) =>
        Assert.Equal(new RedisUrl(host, port, user, password, database, tls), RedisUrl.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("localhost:6379")]
    [InlineData("http://localhost:6379")]
    [InlineData("redis://")]
    [InlineData("redis://localhost/zero")]
    [InlineData("redis://localhost/-1")]
    [InlineData("redis://localhost/0/1")]
    [InlineData("redis://localhost/99999")]
    [InlineData("redis://localhost/0?ssl=true")]
    public void What_is_no_such_address_is_none(string text) => Assert.Null(RedisUrl.Parse(text));

    [Fact]
    public void What_is_logged_has_no_password() =>
        Assert.Equal("rediss://cache.example.org:6379/2", RedisUrl.Parse("rediss://ana:secret@cache.example.org/2")!.ToString());
}
