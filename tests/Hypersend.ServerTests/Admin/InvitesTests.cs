using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Admin;

public sealed class InvitesTests(App shared) : IClassFixture<App>
{
    [Fact]
    public async Task The_token_is_shown_once_and_a_withdrawn_invitation_lets_nobody_in()
    {
        await using var app = await App.StartAsync("--REGISTRATION=invite", "--PUBLIC_URL=https://chat.example.org");
        var admin = await app.SignUpAsync("admin");

        using var raw = await admin.SendAsync(HttpMethod.Post, "/api/v1/admin/invites", """{"max_uses":3,"expires_in":3600}""").AnsweredAsync(201);
        var invite = await admin.Admin.CreateInviteAsync();

        Assert.Equal("https://chat.example.org/register#invite=" + invite.Token, invite.Url);
        Assert.True(invite.Token!.Length >= 22);
        Assert.Equal((1, 0, 7.0), (invite.MaxUses, invite.Uses, (invite.ExpiresAt - invite.CreatedAt).TotalDays));
        var listed = (await admin.Admin.ListInvitesAsync()).Items;
        Assert.Equal([3, 1], listed.Select(one => one.MaxUses));
        Assert.All(listed, one => Assert.Equal((null, null), (one.Token, one.Url)));

        await admin.Admin.DeleteInviteAsync(invite.Id);
        await admin.Admin.DeleteInviteAsync(invite.Id).RefusedAsync(404, ErrorCodes.NotFound);
        Assert.Single((await admin.Admin.ListInvitesAsync()).Items);
        await app.RegisterAsync(new() { Username = "late", Email = "late@example.org", Password = Person.FirstPassword, Invite = invite.Token })
            .RefusedAsync(403, ErrorCodes.InvalidInvite);
    }

    [Theory]
    [InlineData(0, 3600, "max_uses")]
    [InlineData(1, 59, "expires_in")]
    public async Task What_would_let_nobody_in_is_refused(int maxUses, int expiresIn, string field)
    {
        var refusal = await shared.Admin.Admin.CreateInviteAsync(new CreateInviteRequest { MaxUses = maxUses, ExpiresIn = expiresIn }).RefusedAsync(422, ErrorCodes.ValidationFailed);

        Assert.Equal([field], refusal.Problem.Errors!.Keys);
    }
}
