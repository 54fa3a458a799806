using Hypersend.EngineSpecs.Engines;

namespace Hypersend.EngineSpecs.Accounts;

/// <summary>Two-step verification: what is used up is used up once.</summary>
public abstract partial class AccountStoreSpec
{
    [Fact]
    public async Task Two_step_verification_waits_for_its_first_code()
    {
        var ana = await JoinAsync("ana");
        await Accounts.SetPendingTotpAsync(ana.Id, "sealed", Cancellation);
        var waiting = await CredentialsAsync(ana);
        Assert.Equal((null, "sealed"), (waiting.TotpSecret, waiting.TotpPending));

        Assert.False(await Accounts.EnableTotpAsync(ana.Id, "replaced meanwhile", 7, [Secret()], Cancellation));
        Assert.True(await Accounts.EnableTotpAsync(ana.Id, "sealed", 7, [Secret(), Secret()], Cancellation));
        var enabled = await CredentialsAsync(ana);
        Assert.Equal(("sealed", null, 7), (enabled.TotpSecret, enabled.TotpPending, enabled.TotpLastStep));
    }

    [Fact]
    public async Task A_new_secret_cannot_slip_under_one_that_is_enabled()
    {
        var ana = await WithTotpAsync(7, Secret());
        await Accounts.SetPendingTotpAsync(ana.Id, "another", Cancellation);
        Assert.False(await Accounts.EnableTotpAsync(ana.Id, "another", 8, [], Cancellation));
        var after = await CredentialsAsync(ana);
        Assert.Equal(("sealed", null), (after.TotpSecret, after.TotpPending));
    }

    [Fact]
    public async Task Of_many_that_enable_at_once_one_does_and_its_codes_are_the_good_ones()
    {
        var ana = await JoinAsync("ana");
        await Accounts.SetPendingTotpAsync(ana.Id, "sealed", Cancellation);
        var codes = Enumerable.Range(0, 10).Select(_ => Secret()).ToList();
        var enabled = await Race.RunAsync(10, i => Accounts.EnableTotpAsync(ana.Id, "sealed", 7, [codes[i]], Cancellation));
        Assert.Single(enabled, one => one);
        for (var i = 0; i < 10; i++)
            Assert.Equal(enabled[i], await Accounts.TakeRecoveryCodeAsync(ana.Id, codes[i], Cancellation));
    }

    [Fact]
    public async Task A_step_counts_once_and_older_ones_not_at_all()
    {
        var ana = await WithTotpAsync(7, Secret());
        Assert.Single(await Race.RunAsync(20, _ => Accounts.TakeTotpStepAsync(ana.Id, 8, Cancellation)), taken => taken);
        Assert.False(await Accounts.TakeTotpStepAsync(ana.Id, 8, Cancellation));
        Assert.False(await Accounts.TakeTotpStepAsync(ana.Id, 6, Cancellation));
        Assert.True(await Accounts.TakeTotpStepAsync(ana.Id, 9, Cancellation));
    }

    [Fact]
    public async Task A_recovery_code_counts_once_and_only_for_its_owner()
    {
        var code = Secret();
        var ana = await WithTotpAsync(7, code);
        var bob = await JoinAsync("bob");
        Assert.False(await Accounts.TakeRecoveryCodeAsync(bob.Id, code, Cancellation));
        Assert.Single(await Race.RunAsync(20, _ => Accounts.TakeRecoveryCodeAsync(ana.Id, code, Cancellation)), taken => taken);
    }

    [Fact]
    public async Task Disabling_forgets_the_secret_and_the_codes()
    {
        var code = Secret();
        var ana = await WithTotpAsync(7, code);
        await Accounts.DisableTotpAsync(ana.Id, Cancellation);
        var after = await CredentialsAsync(ana);
        Assert.Equal((null, null), (after.TotpSecret, after.TotpPending));
        Assert.False(await Accounts.TakeRecoveryCodeAsync(ana.Id, code, Cancellation));
    }

    [Fact]
    public async Task Sweeping_deletes_what_ran_out_and_nothing_else()
    {
        Database = await Engine.OpenAsync();
        var ana = await JoinAsync("ana");
        await SignInAsync(ana, Now.AddDays(-2), TimeSpan.FromDays(2) - TimeSpan.FromMilliseconds(1));
        await Accounts.AddResetAsync(ana.Id, Secret(), Now.AddMilliseconds(-1), Now, Cancellation);
        await Accounts.AddResetAsync(ana.Id, Secret(), Now.AddMinutes(2), Now, Cancellation);
        foreach (var age in new[] { -Hour.TotalMilliseconds - 1, -Hour.TotalMilliseconds, 0 })
        {
            await Sessions.SpendTicketAsync(Secret(), Now.AddMilliseconds(age), Cancellation);
            await Sessions.EndAllAsync((await JoinAsync("gone")).Id, Now.AddMilliseconds(age), Cancellation);
        }

        await Attempts.TakeAsync(new(Secret(), "192.0.2.0/24"), Now.AddDays(-1).AddMilliseconds(-1), Cancellation);
        await Attempts.TakeAsync(new(Secret(), "192.0.2.0/24"), Now.AddDays(-1), Cancellation);
        foreach (var expiry in new[] { Now.AddDays(-1).AddMilliseconds(-1), Now.AddDays(-1), Now })
            await Admins.AddInviteAsync(new() { Id = new(Guid.CreateVersion7(Now)), MaxUses = 1, CreatedAt = expiry, ExpiresAt = expiry }, Secret(), ana.Id, Cancellation);

        await Accounts.SweepAsync(Now, Cancellation);
        Assert.NotNull(await Sessions.FindAsync(ana.Session, Cancellation));
        Assert.Equal(1, await CountAsync("sessions"));
        Assert.Equal(1, await CountAsync("password_resets"));
        Assert.Equal(2, await CountAsync("spent_tickets"));
        Assert.Equal(2, await CountAsync("revocations"));
        Assert.Equal(1, await CountAsync("login_failures"));
        Assert.Equal(2, await CountAsync("registration_invites"));
        Assert.Equal(4, await CountAsync("users"));
    }

    private async Task<Person> WithTotpAsync(long step, params byte[][] codes)
    {
        var person = await JoinAsync("ana");
        await Accounts.SetPendingTotpAsync(person.Id, "sealed", Cancellation);
        Assert.True(await Accounts.EnableTotpAsync(person.Id, "sealed", step, codes, Cancellation));
        return person;
    }
}
