using System.Net.Http.Headers;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Authorization;

/// <summary>Brings the actor of a column on stage, with the id they will ask for, and sends their request.</summary>
internal sealed class Cast(App app)
{
    private static int _fresh;

    public async Task<HttpResponseMessage> SendAsync(MatrixRow row, Actor actor)
    {
        var other = await app.SignUpAsync("other");
        var me = actor == Actor.Admin ? await NewAdminAsync() : await app.SignUpAsync("somebody");
        var owner = actor == Actor.Self ? me : other;
        var path = row.Path.Replace("{id}", await IdAsync(row.Path, actor, owner), StringComparison.Ordinal);
        var token = me.AccessToken;
        if (actor == Actor.Ended)
            await me.Accounts.LogoutAsync();

        using var request = new HttpRequestMessage(new HttpMethod(row.Method), path + Samples.QueryOf(row.Route))
        {
            Content = Samples.BodyOf(row.Route, other, $"fresh-{Interlocked.Increment(ref _fresh)}"),
        };
        if (actor != Actor.Anonymous)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await app.Http.SendAsync(request);
    }

    private async Task<Person> NewAdminAsync()
    {
        var person = await app.SignUpAsync("boss");
        await app.Admin.Admin.UpdateUserAsync(person.Id, new AdminUpdateUserRequest { Role = "admin" });
        return person;
    }

    private async Task<string> IdAsync(string path, Actor actor, Person owner)
    {
        if (actor == Actor.Missing)
            return new UserId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())).ToString();
        if (path.StartsWith("/api/v1/auth/sessions", StringComparison.Ordinal))
            return (await owner.Accounts.ListSessionsAsync()).Items[0].Id.ToString();
        if (path.StartsWith("/api/v1/admin/invites", StringComparison.Ordinal))
            return (await app.Admin.Admin.CreateInviteAsync(new CreateInviteRequest())).Id.ToString();
        return owner.Id.ToString();
    }
}
