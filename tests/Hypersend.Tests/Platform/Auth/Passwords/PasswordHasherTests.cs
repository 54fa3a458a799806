using System.Text;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Tests.Platform.Auth.Passwords;

public sealed class PasswordHasherTests : IDisposable
{
    private static readonly string One = "p1:" + Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    private static readonly string Two = "p2:" + Convert.ToBase64String([.. Enumerable.Range(91, 32).Select(i => (byte)i)]);
    private readonly PasswordHasher _hasher = Hasher(One);

    public void Dispose() => _hasher.Dispose();

    [Fact]
    public async Task A_hash_carries_scheme_and_pepper_and_opens_for_its_password_only()
    {
        var stored = await _hasher.HashAsync("correct horse", default);
        Assert.Matches(@"^hs1\$p1\$2b\$04\$[./A-Za-z0-9]{53}$", stored);
        Assert.Equal(PasswordVerdict.Right, await _hasher.VerifyAsync("correct horse", stored, default));
        Assert.Equal(PasswordVerdict.Wrong, await _hasher.VerifyAsync("Correct horse", stored, default));
        Assert.NotEqual(stored, await _hasher.HashAsync("correct horse", default));
    }

    [Fact]
    public async Task Nothing_after_the_seventy_second_byte_is_cut_off()
    {
        var stem = new string('x', 1023);
        var stored = await _hasher.HashAsync(stem + "a", default);
        Assert.Equal(PasswordVerdict.Right, await _hasher.VerifyAsync(stem + "a", stored, default));
        Assert.Equal(PasswordVerdict.Wrong, await _hasher.VerifyAsync(stem + "b", stored, default));
        Assert.Equal(PasswordVerdict.Wrong, await _hasher.VerifyAsync(stem, stored, default));
    }

    [Fact]
    public async Task The_two_spellings_of_one_text_are_one_password()
    {
        var stored = await _hasher.HashAsync("Caf\u00E9 \u1E69ection", default);
        Assert.Equal(PasswordVerdict.Right, await _hasher.VerifyAsync("Cafe\u0301 s\u0307\u0323ection", stored, default));
        Assert.Equal(PasswordVerdict.Wrong, await _hasher.VerifyAsync("Cafe section", stored, default));
    }

    [Fact]
    public async Task A_moved_pepper_or_cost_asks_for_a_new_hash()
    {
        var stored = await _hasher.HashAsync("correct horse", default);
        using var newPepper = Hasher($"{Two},{One}");
        using var newCost = Hasher(One, cost: 5);
        using var lostPepper = Hasher(Two);
        Assert.Equal(PasswordVerdict.RightButOld, await newPepper.VerifyAsync("correct horse", stored, default));
        Assert.Equal(PasswordVerdict.RightButOld, await newCost.VerifyAsync("correct horse", stored, default));
        Assert.Equal(PasswordVerdict.Wrong, await newCost.VerifyAsync("wrong horse", stored, default));
        Assert.Equal(PasswordVerdict.Wrong, await lostPepper.VerifyAsync("correct horse", stored, default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("hs1$p1$2b$04$short")]
    [InlineData("hs1$gone$2b$04$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("hs9$p1$2b$04$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("hs1$p1$2a$04$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("hs1$p1$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("hs1$p1$2b$04$!!!!!!!!!!!!!!!!!!!!!.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    public async Task An_unknown_account_costs_exactly_the_work_of_a_wrong_password(string? stored)
    {
        using var hasher = Hasher(One, cost: 6);
        Assert.Equal(PasswordVerdict.Wrong, await hasher.VerifyAsync("some password", stored, default));
        Assert.Equal(1 << 6, hasher.RoundsDone);
    }

    [Fact]
    public async Task A_wrong_password_costs_the_same_work_whatever_the_cost_of_the_stored_hash()
    {
        var stored = await _hasher.HashAsync("correct horse", default);
        using var hasher = Hasher(One, cost: 7);
        Assert.Equal(PasswordVerdict.Wrong, await hasher.VerifyAsync("wrong horse", stored, default));
        Assert.Equal(1 << 7, hasher.RoundsDone);
    }

    [Fact]
    public async Task A_text_that_is_no_password_is_an_argument_error()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _hasher.HashAsync("nul\0inside", default));
        await Assert.ThrowsAsync<ArgumentException>(() => _hasher.HashAsync("lone \uD800 half", default));
        await Assert.ThrowsAsync<ArgumentException>(() => _hasher.VerifyAsync("lone \uDC00", null, default));
    }

    [Fact]
    public async Task A_full_queue_is_told_and_a_cancelled_call_does_no_work()
    {
        using var full = new PasswordHasher(PepperRing.Load(One, "unused"), 4, 1, queueLimit: 0);
        await Assert.ThrowsAsync<HashingBusyException>(() => full.HashAsync("password", default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _hasher.HashAsync("password", new CancellationToken(true)));
        Assert.Equal(0, _hasher.RoundsDone + full.RoundsDone);
    }

    [Fact]
    public async Task Every_naughty_string_is_a_password_like_any_other()
    {
        using var file = SharedData.Json("naughty-strings.json");
        var texts = file.RootElement.EnumerateArray().Select(text => text.GetString()!).ToArray();
        Assert.True(texts.Length > 500);
        await Task.WhenAll(texts.Chunk(8).Select(CheckAsync));

        async Task CheckAsync(string[] some)
        {
            using var hasher = Hasher(One);
            foreach (var text in some)
            {
                if (TextRules.HasNul(text) || TextRules.HasLoneSurrogate(text))
                {
                    await Assert.ThrowsAsync<ArgumentException>(() => hasher.HashAsync(text, default));
                    continue;
                }
                var stored = await hasher.HashAsync(text, default);
                Assert.Equal(PasswordVerdict.Right, await hasher.VerifyAsync(text, stored, default));
                Assert.Equal(PasswordVerdict.Right, await hasher.VerifyAsync(Normalized.Of(text, NormalizationForm.FormD), stored, default));
                Assert.Equal(PasswordVerdict.Wrong, await hasher.VerifyAsync(text + "x", stored, default));
            }
        }
    }

    private static PasswordHasher Hasher(string peppers, int cost = 4) => new(PepperRing.Load(peppers, "unused"), cost, threads: 1);
}
