using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Accounts;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Accounts;

public sealed class SocketTicketTests
{
    [Fact]
    public async Task A_ticket_stands_for_the_session_that_asked_once_and_for_thirty_seconds()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var ana = await app.SignUpAsync("ana");
        var session = (await ana.Accounts.ListSessionsAsync()).Items.Single().Id;

        var ticket = await ana.Accounts.GetSocketTicketAsync();
        Assert.Equal(30, ticket.ExpiresIn);
        Assert.Equal(session, await RedeemAsync(app, ticket.Ticket));
        Assert.Null(await RedeemAsync(app, ticket.Ticket));

        var late = (await ana.Accounts.GetSocketTicketAsync()).Ticket;
        var inTime = (await ana.Accounts.GetSocketTicketAsync()).Ticket;
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(session, await RedeemAsync(app, inTime));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await RedeemAsync(app, late));
    }

    [Fact]
    public async Task Of_many_that_show_one_ticket_at_once_one_comes_in_and_forgeries_never()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        var ticket = (await ana.Accounts.GetSocketTicketAsync()).Ticket;

        var redeemed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RedeemAsync(app, ticket)));

        Assert.Single(redeemed, session => session is not null);
        var fresh = (await ana.Accounts.GetSocketTicketAsync()).Ticket;
        foreach (var forged in new[] { "", "nonsense", fresh[..^4], fresh + "AAAA", Flip(fresh, 3), Flip(fresh, 25), Flip(fresh, 40), Flip(fresh, 90), new string('A', fresh.Length) })
            Assert.Null(await RedeemAsync(app, forged));
        Assert.NotNull(await RedeemAsync(app, fresh));
    }

    private static Task<SessionId?> RedeemAsync(App app, string ticket) =>
        app.Services.GetRequiredService<SocketTickets>().RedeemAsync(ticket, TestContext.Current.CancellationToken);

    private static string Flip(string text, int at) => text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
}
