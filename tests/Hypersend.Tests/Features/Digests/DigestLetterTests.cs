using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Digests;
using Hypersend.Server.Platform.Mail;

namespace Hypersend.Tests.Features.Digests;

public sealed class DigestLetterTests
{
    private static readonly Uri Home = new("https://chat.example.org/");
    private static readonly Uri End = new("https://chat.example.org/api/v1/digests/unsubscribe?token=abc");

    [Fact]
    public void It_counts_what_waits_and_what_calls()
    {
        var letter = Write(new DigestChat { Name = "Family", Unread = 12, Mentions = 2 }, new DigestChat { Name = "Ana", Unread = 1 }, new DigestChat { Name = "Read by now" })!;

        Assert.Equal("Hypersend: unread messages (13)", letter.Subject);
        Assert.Contains("\n  Family: 12 (2 for you)\n  Ana: 1\n\n", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Read by now", letter.Text, StringComparison.Ordinal);
        Assert.Contains(End.ToString(), letter.Text, StringComparison.Ordinal);
        Assert.Equal(("bela@example.org", End), (letter.To, letter.Unsubscribe));
    }

    [Fact]
    public void Where_nothing_waits_there_is_no_letter()
    {
        Assert.Null(Write());
        Assert.Null(Write(new DigestChat { Name = "Family", Unread = 0 }));
    }

    [Fact]
    public void Who_hides_what_messages_say_is_told_a_number_only()
    {
        var settings = JsonSerializer.Serialize(
            new UserSettings { Notifications = new NotificationSettings { Preview = false } }, HypersendJson.Wire.UserSettings);

        var letter = WriteTo(settings, new DigestChat { Name = "Divorce", Unread = 3, Mentions = 1 }, new DigestChat { Name = "Doctor", Unread = 1 })!;

        Assert.Contains("\n  4 (1 for you)\n\n", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Divorce", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Doctor", letter.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Your account ends: https://evil.example/login", "Your account ends: https: //evil. example/login")]
    [InlineData("www.evil.example", "www. evil. example")]
    [InlineData("write to eve@evil.example", "write to eve@ evil. example")]
    [InlineData("Family\r\n\r\nNew password: 1234", "Family    New password: 1234")]
    [InlineData("a\u202egnp.exe", "agnp. exe")]
    [InlineData("a\u2028b\u2029c\u0085d", "a b c d")]
    [InlineData("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937")]
    [InlineData("Dr. Who 👩‍👩‍👧", "Dr. Who 👩‍👩‍👧")]
    public void A_name_is_one_line_and_nothing_to_click_on(string name, string shown) =>
        Assert.Contains($"\n  {shown}: 1\n", Write(new DigestChat { Name = name, Unread = 1 })!.Text, StringComparison.Ordinal);

    private static Letter? Write(params DigestChat[] chats) => WriteTo("{}", chats);

    private static Letter? WriteTo(string settings, params DigestChat[] chats) => DigestLetter.Of(
        new Digest
        {
            Person = new DigestPerson { Username = "bela", Email = "bela@example.org", Settings = settings },
            Chats = chats,
            LookedBefore = DateTimeOffset.UnixEpoch,
            LookedAt = DateTimeOffset.UnixEpoch,
        },
        "Hypersend",
        Home,
        End);
}
