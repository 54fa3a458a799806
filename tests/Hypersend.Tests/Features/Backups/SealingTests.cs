using Hypersend.Server.Features.Backups;

namespace Hypersend.Tests.Features.Backups;

public sealed class SealingTests
{
    private const string Name = "2026-01-02T03-04-05-678Z/manifest.json";
    private const int Frame = SealedFrames.FrameBytes;

    private static readonly PassphraseKey Key = PassphraseKey.Make("open sesame", iterations: 10);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Frame - 1)]
    [InlineData(Frame)]
    [InlineData(Frame + 1)]
    [InlineData((2 * Frame) + 17)]
    public async Task What_was_sealed_opens_again_and_is_as_long_as_was_said(int length)
    {
        var plain = Plain(length);
        var sealedBytes = await SealAsync(plain);
        Assert.Equal(SealedFrames.LengthOf(length), sealedBytes.Length);
        Assert.Equal(plain, await OpenAsync(Key, Name, sealedBytes));
    }

    [Fact]
    public async Task The_same_bytes_are_sealed_differently_every_time() =>
        Assert.NotEqual(await SealAsync(Plain(100)), await SealAsync(Plain(100)));

    [Fact]
    public void Another_passphrase_is_told_at_once()
    {
        Assert.Equal(Key.Seal, PassphraseKey.Open("open sesame", Key.Seal).Seal);
        var refused = Assert.Throws<BackupRefusedException>(() => PassphraseKey.Open("open says me", Key.Seal));
        Assert.Equal("The passphrase is not the one of this backup.", refused.Message);
    }

    [Fact]
    public async Task Whatever_is_flipped_cut_off_added_or_put_elsewhere_is_noticed()
    {
        var length = Frame + 1000;
        var whole = await SealAsync(Plain(length));
        foreach (var at in (int[])[0, SealedFrames.SaltBytes, Frame, SealedFrames.SaltBytes + Frame + 3, SealedFrames.SaltBytes + Frame + SealedFrames.TagBytes + 5, whole.Length - 1])
        {
            var flipped = whole.ToArray();
            flipped[at] ^= 1;
            await RefusedAsync(Name, flipped);
        }

        // Also where a frame ends, as if it had been the last one.
        foreach (var end in (int[])[0, 10, SealedFrames.SaltBytes, SealedFrames.SaltBytes + 5, SealedFrames.SaltBytes + Frame + SealedFrames.TagBytes, whole.Length - 1])
            await RefusedAsync(Name, whole[..end]);
        await RefusedAsync(Name, [.. whole, 0]);
        await RefusedAsync(Name.Replace('6', '7'), whole);
    }

    private static byte[] Plain(int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length; at++)
            bytes[at] = (byte)(at * 31);
        return bytes;
    }

    private static async Task<byte[]> SealAsync(byte[] plain)
    {
        await using var sealing = new SealingStream(Key, Name, plain.Length, new MemoryStream(plain));
        using var all = new MemoryStream();
        await sealing.CopyToAsync(all, TestContext.Current.CancellationToken);
        return all.ToArray();
    }

    private static async Task<byte[]> OpenAsync(PassphraseKey key, string name, byte[] bytes)
    {
        await using var opening = new OpeningStream(key, name, new MemoryStream(bytes));
        using var all = new MemoryStream();
        await opening.CopyToAsync(all, TestContext.Current.CancellationToken);
        return all.ToArray();
    }

    private static async Task RefusedAsync(string name, byte[] bytes) =>
        Assert.Contains("damaged or cut short", (await Assert.ThrowsAsync<BackupRefusedException>(() => OpenAsync(Key, name, bytes))).Message, StringComparison.Ordinal);
}
