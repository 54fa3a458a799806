using System.Diagnostics;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Realtime;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Realtime;

/// <summary>A socket lives as long as its session, on every node. The five seconds that are promised are measured.</summary>
[Collection(nameof(Alone))]
public sealed class SessionEndTests(App app, ITestOutputHelper output) : IClassFixture<App>
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    private static readonly SocketEnd Ended = new(CloseCodes.NotAuthenticated, ErrorCodes.SessionEnded);

    [Fact]
    public async Task A_logout_closes_the_sockets_of_that_session_only()
    {
        var ana = await app.SignUpAsync("ana");
        var phone = await app.SignInAsync(ana);
        await using var desk = await SocketClient.OpenAsync(app, ana);
        await using var pocket = await SocketClient.OpenAsync(app, phone);
        await phone.Accounts.LogoutAsync();
        await EndsInTimeAsync(pocket);
        await desk.DrainAsync();
    }

    [Fact]
    public async Task A_logout_everywhere_a_new_password_and_a_ban_close_what_they_end()
    {
        var ana = await app.SignUpAsync("ana");
        await using (var socket = await SocketClient.OpenAsync(app, ana))
        {
            await ana.Accounts.LogoutAllAsync();
            await EndsInTimeAsync(socket);
        }

        var bela = await app.SignUpAsync("bela");
        var other = await app.SignInAsync(bela);
        await using var mine = await SocketClient.OpenAsync(app, bela);
        await using var others = await SocketClient.OpenAsync(app, other);
        await bela.Accounts.ChangePasswordAsync(new ChangePasswordRequest { CurrentPassword = bela.Password, NewPassword = "another good password" });
        await EndsInTimeAsync(others);
        await mine.DrainAsync();
        await app.Admin.Admin.UpdateUserAsync(bela.Id, new AdminUpdateUserRequest { Disabled = true });
        await EndsInTimeAsync(mine);
    }

    [Fact]
    public async Task A_logout_on_another_node_closes_within_five_seconds()
    {
        await using var second = await app.StartSecondAsync();
        var ana = await app.SignUpAsync("ana");
        await using var socket = await SocketClient.OpenAsync(second, ana);
        var watch = Stopwatch.StartNew();
        await ana.Accounts.LogoutAsync();
        Assert.Equal(Ended, await socket.Closed);
        output.WriteLine($"Closed on the other node after {watch.Elapsed.TotalSeconds:0.00} s");
        Assert.True(watch.Elapsed < Promise);
    }

    [Fact]
    public async Task A_long_poll_ends_with_its_session()
    {
        var ana = await app.SignUpAsync("ana");
        var cursors = await PollingTests.CursorsAsync(ana);
        var polling = ana.SendAsync(HttpMethod.Post, "/api/v1/updates", PollingTests.Request(cursors, wait: 25));
        var watch = Stopwatch.StartNew();
        await ana.Accounts.LogoutAsync();
        await polling.RefusedAsync(401, ErrorCodes.SessionEnded);
        Assert.True(watch.Elapsed < Promise);
    }

    private static async Task EndsInTimeAsync(SocketClient socket) => Assert.Equal(Ended, await socket.Closed.WaitAsync(Promise));
}
