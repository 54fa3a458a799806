using System.Buffers.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Tests.Platform.Secrets;

namespace Hypersend.Tests.Features.Files;

public sealed class SignedUrlsTests
{
    private static readonly FileId File = new(new Guid("01900000-0000-7000-8000-000000000001"));
    private static readonly SessionId Session = new(new Guid("01900000-0000-7000-8000-00000000000a"));
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_signature_names_the_session_until_it_expires()
    {
        var urls = new SignedUrls(Keys(KeyRingTests.Secret), _clock);
        var end = _clock.GetUtcNow().AddHours(24);
        var text = urls.Sign(File, Session, end);
        Assert.Matches("^[A-Za-z0-9_-]{48}$", text);
        Assert.True(urls.TryRead(text, File, out var session, out var expiresAt));
        Assert.Equal((Session, end), (session, expiresAt));

        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        Assert.True(urls.TryRead(text, File, out _, out _));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(urls.TryRead(text, File, out session, out _));
        Assert.Equal(default, session);
    }

    [Fact]
    public void It_is_good_for_its_file_only()
    {
        var urls = new SignedUrls(Keys(KeyRingTests.Secret), _clock);
        var text = urls.Sign(File, Session, _clock.GetUtcNow().AddHours(1));
        Assert.False(urls.TryRead(text, new FileId(Session.Value), out _, out _));
        Assert.False(urls.TryRead(text, default, out _, out _));
    }

    [Fact]
    public void No_bit_of_it_can_be_another()
    {
        var urls = new SignedUrls(Keys(KeyRingTests.Secret), _clock);
        var text = urls.Sign(File, Session, _clock.GetUtcNow().AddHours(1));
        var bytes = Base64Url.DecodeFromChars(text);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(urls.TryRead(Base64Url.EncodeToString(bytes), File, out _, out _), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
        for (var at = 0; at < text.Length; at++)
        {
            foreach (var other in "Aa0-_=+/ \n\0é")
                Assert.Equal(other == text[at], urls.TryRead($"{text[..at]}{other}{text[(at + 1)..]}", File, out _, out _));
        }
    }

    [Fact]
    public void No_other_length_is_read()
    {
        var urls = new SignedUrls(Keys(KeyRingTests.Secret), _clock);
        var text = urls.Sign(File, Session, _clock.GetUtcNow().AddHours(1));
        foreach (var wrong in new[] { null, "", text[..^1], text[..^4], text + "A", text + "AAAA", text + "=", " " + text, text + text, new string('A', 100_000) })
            Assert.False(urls.TryRead(wrong, File, out _, out _));
    }

    [Fact]
    public void A_previous_key_still_counts_and_a_strange_one_does_not()
    {
        var old = new SignedUrls(Keys(KeyRingTests.OtherSecret), _clock).Sign(File, Session, _clock.GetUtcNow().AddHours(1));
        Assert.True(new SignedUrls(Keys(KeyRingTests.Secret, KeyRingTests.OtherSecret), _clock).TryRead(old, File, out var session, out _));
        Assert.Equal(Session, session);
        Assert.False(new SignedUrls(Keys(KeyRingTests.Secret), _clock).TryRead(old, File, out _, out _));
        Assert.NotEqual(old, new SignedUrls(Keys(KeyRingTests.Secret, KeyRingTests.OtherSecret), _clock).Sign(File, Session, _clock.GetUtcNow().AddHours(1)));
    }

    private static KeyRing Keys(string secret, string? previous = null) => KeyRing.Load(secret, previous, "");
}
