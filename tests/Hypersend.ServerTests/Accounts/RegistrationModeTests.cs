using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Accounts;

public sealed class RegistrationModeTests
{
    [Fact]
    public async Task A_closed_server_takes_nobody_but_the_first()
    {
        await using var app = await App.StartAsync("--REGISTRATION=closed");
        await app.SignUpAsync("first");

        await app.SignUpAsync("second").RefusedAsync(403, ErrorCodes.RegistrationClosed);
    }

    [Fact]
    public async Task By_invitation_only_an_invitation_lets_in_and_as_often_as_it_says()
    {
        await using var app = await App.StartAsync("--REGISTRATION=invite");
        var admin = await app.SignUpAsync("admin");
        var invite = await admin.Admin.CreateInviteAsync(new CreateInviteRequest { MaxUses = 2 });

        await app.RegisterAsync(Request("none", null)).RefusedAsync(403, ErrorCodes.InviteRequired);
        await app.RegisterAsync(Request("guess", "AAAAAAAAAAAAAAAAAAAAAA")).RefusedAsync(403, ErrorCodes.InvalidInvite);
        await app.RegisterAsync(Request("one", invite.Token));
        await app.RegisterAsync(Request("one", invite.Token)).RefusedAsync(409, ErrorCodes.UsernameTaken);
        await app.RegisterAsync(Request("two", invite.Token));
        await app.RegisterAsync(Request("three", invite.Token)).RefusedAsync(403, ErrorCodes.InvalidInvite);
    }

    [Fact]
    public async Task Of_many_that_race_for_an_invitation_as_many_come_in_as_it_holds()
    {
        await using var app = await App.StartAsync("--REGISTRATION=invite");
        var admin = await app.SignUpAsync("admin");
        var invite = await admin.Admin.CreateInviteAsync(new CreateInviteRequest { MaxUses = 3 });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            try
            {
                await app.RegisterAsync(Request("racer" + i, invite.Token));
                return "in";
            }
            catch (Hypersend.Sdk.HypersendException refusal)
            {
                return refusal.Code;
            }
        }));

        Assert.Equal(3, outcomes.Count(outcome => outcome == "in"));
        Assert.Equal(7, outcomes.Count(outcome => outcome == ErrorCodes.InvalidInvite));
        Assert.Empty((await admin.Admin.ListInvitesAsync()).Items);
    }

    [Fact]
    public async Task An_invitation_ends_at_its_time()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock, "--REGISTRATION=invite");
        var admin = await app.SignUpAsync("admin");
        var invite = await admin.Admin.CreateInviteAsync(new CreateInviteRequest { MaxUses = 5, ExpiresIn = 3600 });

        clock.Advance(TimeSpan.FromMinutes(59));
        await app.RegisterAsync(Request("early", invite.Token));
        clock.Advance(TimeSpan.FromMinutes(1));
        await app.RegisterAsync(Request("late", invite.Token)).RefusedAsync(403, ErrorCodes.InvalidInvite);
    }

    private static RegisterRequest Request(string username, string? invite) =>
        new() { Username = username, Email = username + "@example.org", Password = Person.FirstPassword, Invite = invite };
}
