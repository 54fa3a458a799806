using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Tests.Platform.Secrets;

public sealed class SealedTextTests
{
    private static KeyRing Ring(string current, string? previous = null) => KeyRing.Load(current, previous, "unused");

    [Theory]
    [InlineData("")]
    [InlineData("JBSWY3DPEHPK3PXP")]
    [InlineData("नमस्ते 👋")]
    public void What_was_sealed_opens_and_never_looks_the_same_twice(string text)
    {
        var box = new SealedText(Ring(KeyRingTests.Secret));
        var sealedText = box.Seal(text);
        Assert.True(box.TryOpen(sealedText, out var opened));
        Assert.Equal(text, opened);
        Assert.NotEqual(sealedText, box.Seal(text));
    }

    [Fact]
    public void A_previous_key_opens_a_foreign_one_does_not()
    {
        var sealedText = new SealedText(Ring(KeyRingTests.OtherSecret)).Seal("x");
        Assert.True(new SealedText(Ring(KeyRingTests.Secret, KeyRingTests.OtherSecret)).TryOpen(sealedText, out _));
        Assert.False(new SealedText(Ring(KeyRingTests.Secret)).TryOpen(sealedText, out _));
        Assert.False(new SealedText(Ring(KeyRingTests.OtherSecret), "other purpose").TryOpen(sealedText, out _));
    }

    [Fact]
    public void Every_changed_character_and_every_cut_is_refused()
    {
        var box = new SealedText(Ring(KeyRingTests.Secret));
        var sealedText = box.Seal("secret");
        for (var i = 0; i < sealedText.Length; i++)
        {
            var changed = sealedText.ToCharArray();
            changed[i] = changed[i] == 'B' ? 'C' : 'B';
            Assert.False(box.TryOpen(new string(changed), out _));
            Assert.False(box.TryOpen(sealedText[..i], out _));
        }
    }
}
