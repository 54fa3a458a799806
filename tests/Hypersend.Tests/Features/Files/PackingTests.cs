using Hypersend.Server.Features.Files.Packing;
using Microsoft.AspNetCore.Http;

namespace Hypersend.Tests.Features.Files;

public sealed class PackingTests
{
    [Theory]
    [InlineData("gzip", true)]
    [InlineData("gzip, deflate, br, zstd", true)]
    [InlineData("GZIP;q=0.5", true)]
    [InlineData("*", true)]
    [InlineData("br, *;q=0.1", true)]
    [InlineData("x-gzip", true)]
    [InlineData("identity, gzip", true)]
    [InlineData("gzip;q=0.5, identity;q=0.5", true)]
    [InlineData("gzip;q=0.5, identity", false)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip;q=0, *", false)]
    [InlineData("*;q=0", false)]
    [InlineData("br", false)]
    [InlineData("identity", false)]
    [InlineData("gzip;q=high", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_who_says_so_can_unpack(string? accepted, bool isWanted) => Assert.Equal(isWanted, IsWanted(("Accept-Encoding", accepted)));

    [Fact]
    public void A_range_is_one_of_the_file_as_it_is() => Assert.False(IsWanted(("Accept-Encoding", "gzip"), ("Range", "bytes=0-1")));

    [Theory]
    [InlineData("If-None-Match", "\"a\"", false)]
    [InlineData("If-None-Match", "W/\"a\"", false)]
    [InlineData("If-None-Match", "\"a-gzip\"", true)]
    [InlineData("If-None-Match", "\"a\", \"a-gzip\"", true)]
    [InlineData("If-None-Match", "\"other\"", true)]
    [InlineData("If-None-Match", "*", true)]
    [InlineData("If-Match", "\"a\"", false)]
    [InlineData("If-Match", "\"a-gzip\"", true)]
    public void Who_has_one_form_hears_of_that_one(string header, string tags, bool isWanted) => Assert.Equal(isWanted, IsWanted(("Accept-Encoding", "gzip"), (header, tags)));

    [Theory]
    [InlineData("text/plain", (1 << 20) + 1, true)]
    [InlineData("text/plain", 1 << 20, false)]
    [InlineData("text/plain", 1L << 30, true)]
    [InlineData("text/plain", (1L << 30) + 1, false)]
    [InlineData("application/json", 2 << 20, true)]
    [InlineData("application/zip", 2 << 20, false)]
    [InlineData("application/octet-stream", 2 << 20, false)]
    [InlineData("video/mp4", 2 << 20, false)]
    public void What_is_written_and_large_is_tried(string mime, long size, bool isTried) =>
        Assert.Equal(isTried ? PackingStates.Wanted : null, PackingRules.FirstState(mime, size));

    [Fact]
    public void It_has_to_save_a_fifth()
    {
        Assert.True(PackingRules.Pays(799, 1000));
        Assert.False(PackingRules.Pays(800, 1000));
    }

    [Fact]
    public void A_disk_that_is_nearly_full_has_no_room_for_what_nobody_needs()
    {
        Assert.True(PackingRules.HasRoom(null, 100, long.MaxValue));
        Assert.True(PackingRules.HasRoom(1000, 100, 799));
        Assert.False(PackingRules.HasRoom(1000, 100, 800));
        Assert.False(PackingRules.HasRoom(150, 100, 0));
    }

    private static bool IsWanted(params (string Name, string? Value)[] headers)
    {
        var asked = new HeaderDictionary();
        foreach (var (name, value) in headers)
            asked[name] = value;
        return Unpacking.IsWanted(asked, "\"a\"", "\"a-gzip\"");
    }
}
