using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Sdk.Transfers;

namespace Hypersend.Tests.Sdk.Transfers;

/// <summary>The figures are those that WebCrypto gives for the same keys: what a browser closes opens here, and the other way round.</summary>
public sealed class RelaySealTests
{
    private const string Frame =
        "0000000000000003000000020102030405060708090a0b0c47d7476e1dea8afdfe6cc099bdde20af34c34c2ca7206161753abfd7594b62c1845c5727d4e16f7d5b54bf95";

    private static readonly TransferId Transfer = TransferId.Parse("019a0000-0000-7000-8000-0123456789ab", null);
    private static readonly byte[] Plain = Encoding.ASCII.GetBytes("what nobody in between reads");

    [Fact]
    public void Both_sides_derive_what_a_browser_derives()
    {
        using var sender = SealKey.Of(Scalar(0x11));
        using var receiver = SealKey.Of(Scalar(0x22));
        using var mine = RelaySeal.Agree(sender, receiver.Public, iSend: true, Transfer);
        using var theirs = RelaySeal.Agree(receiver, sender.Public, iSend: false, Transfer);
        foreach (var seal in new[] { mine, theirs })
        {
            Assert.Equal("2e0d7fe0175f5b4a", seal.Name);
            Assert.Equal("21121 36524 67852 02464 44076 44025 26046 58227", seal.Fingerprint);
            Assert.Equal("0b18748e24cf558f4e60b33517ef9f362085b3cf49c45e88502e5b620c82084f", Convert.ToHexStringLower(seal.OfChunk(3, SHA256.HashData(Plain))));
            Assert.Equal("819b5bd0ead6e38bd221e8979751daba3ff61d171d4156cc168dbdc143bc0885", Convert.ToHexStringLower(seal.OfRoot(5, SHA256.HashData(Plain))));
            var plain = new byte[RelayHead.Step];
            Assert.Equal(Plain.Length, seal.Open(Convert.FromHexString(Frame), plain));
            Assert.Equal(Plain, plain[..Plain.Length]);
        }
    }

    [Fact]
    public void What_one_closes_the_other_opens_and_no_byte_of_it_may_change()
    {
        using var sender = new SealKey();
        using var receiver = new SealKey();
        using var mine = RelaySeal.Agree(sender, receiver.Public, iSend: true, Transfer);
        using var theirs = RelaySeal.Agree(receiver, sender.Public, iSend: false, Transfer);
        var frame = new byte[RelayHead.Length + RelayHead.SealLength + Plain.Length];
        Assert.Equal(frame.Length, mine.Close(new RelayHead(1, RelayHead.Step), Plain, frame));
        var again = new byte[frame.Length];
        mine.Close(new RelayHead(1, RelayHead.Step), Plain, again);
        Assert.NotEqual(frame, again);
        var plain = new byte[RelayHead.Step];
        Assert.Equal(Plain.Length, theirs.Open(frame, plain));

        for (var at = 0; at < frame.Length; at++)
        {
            frame[at] ^= 1;
            Assert.Equal(-1, theirs.Open(frame, plain));
            frame[at] ^= 1;
        }

        Assert.Equal(-1, theirs.Open(frame.AsSpan(0, RelayHead.Length + RelayHead.SealLength), plain));
        using var other = RelaySeal.Agree(receiver, sender.Public, iSend: false, TransferId.Parse("019a0000-0000-7000-8000-0123456789ac", null));
        Assert.Equal(-1, other.Open(frame, plain));
    }

    [Fact]
    public void A_key_that_is_no_point_of_the_curve_is_none()
    {
        using var key = new SealKey();
        Assert.True(SealKey.IsPoint(key.Public));
        Assert.False(SealKey.IsPoint([]));
        Assert.False(SealKey.IsPoint(key.Public[..64]));
        Assert.False(SealKey.IsPoint([4, .. new byte[64]]));
        var beside = (byte[])[.. key.Public];
        beside[64] ^= 1;
        Assert.False(SealKey.IsPoint(beside));
        Assert.False(SealKey.IsPoint([2, .. key.Public[1..]]));
    }

    private static byte[] Scalar(byte value) => [.. Enumerable.Repeat(value, 32)];
}
