using System.Security.Cryptography;
using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public sealed class RootHashTests
{
    [Fact]
    public void Of_nothing_it_is_the_hash_of_nothing() =>
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", RootHash.Text(RootHash.Of([])));

    [Fact]
    public void It_is_the_hash_of_the_raw_digests_in_order()
    {
        var one = SHA256.HashData("abc"u8);
        var two = SHA256.HashData(""u8);
        Assert.Equal(SHA256.HashData([.. one, .. two]), RootHash.Of([one, two]));
        Assert.NotEqual(RootHash.Of([two, one]), RootHash.Of([one, two]));
        // Even of one chunk it is not the chunk's own digest.
        Assert.Equal("4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358", RootHash.Text(RootHash.Of([one])));
        Assert.Throws<ArgumentException>(() => RootHash.Of([[1, 2, 3]]));
    }

    [Fact]
    public void Hexadecimal_of_either_case_is_read_and_nothing_else()
    {
        var root = RootHash.Of([]);
        Assert.True(RootHash.TryRead(RootHash.Text(root), out var read));
        Assert.Equal(root, read);
        Assert.True(RootHash.TryRead(Convert.ToHexString(root), out read));
        Assert.Equal(root, read);
        foreach (var wrong in new[] { null, "", "e3", RootHash.Text(root)[1..], RootHash.Text(root) + "00", new string('g', 64), ' ' + RootHash.Text(root)[1..] })
            Assert.False(RootHash.TryRead(wrong, out _));
    }
}
