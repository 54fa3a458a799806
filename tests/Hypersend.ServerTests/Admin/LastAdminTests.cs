using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Admin;

public sealed class LastAdminTests
{
    [Fact]
    public async Task The_last_one_neither_steps_down_nor_is_disabled()
    {
        await using var app = await App.StartAsync();
        var admin = await app.SignUpAsync("admin");
        var ana = await app.SignUpAsync("ana");

        await admin.Admin.UpdateUserAsync(admin.Id, new AdminUpdateUserRequest { Role = Roles.User }).RefusedAsync(409, ErrorCodes.LastAdmin);
        await admin.Admin.UpdateUserAsync(admin.Id, new AdminUpdateUserRequest { Disabled = true }).RefusedAsync(409, ErrorCodes.LastAdmin);

        // A disabled admin does not count as one who is left.
        await admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { Role = Roles.Admin, Disabled = true });
        await admin.Admin.UpdateUserAsync(admin.Id, new AdminUpdateUserRequest { Role = Roles.User }).RefusedAsync(409, ErrorCodes.LastAdmin);
        await admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { Disabled = false });
        Assert.Equal(Roles.User, (await admin.Admin.UpdateUserAsync(admin.Id, new AdminUpdateUserRequest { Role = Roles.User })).Role);
    }

    [Fact]
    public async Task Of_two_that_step_down_at_once_one_stays()
    {
        await using var app = await App.StartAsync();
        var one = await app.SignUpAsync("admin");
        var two = await app.SignUpAsync("admin");
        await one.Admin.UpdateUserAsync(two.Id, new AdminUpdateUserRequest { Role = Roles.Admin });
        for (var round = 0; round < 10; round++)
        {
            var answers = await Task.WhenAll(new[] { one, two }.Select(
                admin => admin.SendAsync(HttpMethod.Put, $"/api/v1/admin/users/{admin.Id}", """{"role":"user"}""")));

            var (left, right) = ((int)answers[0].StatusCode, (int)answers[1].StatusCode);
            Assert.Equal([200, 409], new[] { left, right }.Order());
            var (stayed, went) = left == 409 ? (one, two) : (two, one);
            await stayed.Admin.UpdateUserAsync(went.Id, new AdminUpdateUserRequest { Role = Roles.Admin });
        }
    }
}
