using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Accounts;

namespace Hypersend.EngineSpecs.Accounts;

/// <summary>Registrations that wait for their mail to be answered.</summary>
public abstract partial class AccountStoreSpec
{
    [Fact]
    public async Task A_registration_that_waits_comes_back_as_it_was_once()
    {
        foreach (var invite in new[] { null, Secret() })
        {
            var pending = PendingOf(Now + Hour) with { InviteHash = invite };
            await Accounts.AddPendingAsync(pending, Cancellation);
            var taken = await Race.RunAsync(10, _ => Accounts.TakePendingAsync(pending.TokenHash, Now, Cancellation));
            var one = Assert.Single(taken, one => one is not null)!;
            Assert.Equal(pending.TokenHash, one.TokenHash);
            Assert.Equal(invite, one.InviteHash);
            Assert.Equal(pending, one with { TokenHash = pending.TokenHash, InviteHash = invite });
        }
    }

    [Fact]
    public async Task A_registration_that_waited_too_long_is_swept_and_before_that_not_taken()
    {
        var late = PendingOf(Now);
        var good = PendingOf(Now.AddMilliseconds(1));
        await Accounts.AddPendingAsync(late, Cancellation);
        await Accounts.AddPendingAsync(good, Cancellation);
        Assert.Null(await Accounts.TakePendingAsync(late.TokenHash, Now, Cancellation));
        Assert.Null(await Accounts.TakePendingAsync(Secret(), Now, Cancellation));

        await Accounts.SweepAsync(Now.AddMilliseconds(1), Cancellation);
        Assert.Null(await Accounts.TakePendingAsync(late.TokenHash, Now.AddDays(-1), Cancellation));
        Assert.NotNull(await Accounts.TakePendingAsync(good.TokenHash, Now, Cancellation));
    }

    private static PendingAccount PendingOf(DateTimeOffset expiresAt) => new()
    {
        TokenHash = Secret(),
        Username = "Änne",
        Email = "anne@example.org",
        Name = "Änne 漢",
        PasswordHash = "hash",
        ExpiresAt = expiresAt,
    };
}
