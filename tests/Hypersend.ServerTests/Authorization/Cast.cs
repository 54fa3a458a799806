using System.Net.Http.Headers;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Push;

namespace Hypersend.ServerTests.Authorization;

/// <summary>Brings the actor of a column on stage, with the id they will ask for, and sends their request.</summary>
internal sealed partial class Cast(App app)
{
    private static int _fresh;

    public Task<HttpResponseMessage> SendAsync(MatrixRow row, Actor actor) => row switch
    {
        { InChat: true } => SendInChatAsync(row, actor),
        _ when row.Outcomes.ContainsKey(Actor.UploadToken) => SendToUploadAsync(row, actor),
        _ => SendAloneAsync(row, actor),
    };

    private async Task<HttpResponseMessage> SendInChatAsync(MatrixRow row, Actor actor)
    {
        var troupe = await Troupe.OfAsync(app);
        var stage = await Stage.SetAsync(troupe, Samples.KindOf(row.Path, actor), row.Path, actor == Actor.Missing);
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), stage.PathOf(row.Path, Samples.NamesChat(row.Route)) + Samples.QueryOf(row.Route))
        {
            Content = Samples.BodyOf(row.Route, stage, $"fresh-{Interlocked.Increment(ref _fresh)}"),
        };
        if (troupe.Who(actor) is { } me)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", me.AccessToken);
        return await app.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> SendAloneAsync(MatrixRow row, Actor actor)
    {
        var other = await app.SignUpAsync("other");
        var me = actor == Actor.ServerAdmin ? await NewAdminAsync() : await app.SignUpAsync("somebody");
        var owner = actor == Actor.Self ? me : other;
        var path = row.Path.Replace("{id}", await IdAsync(row.Path, actor, owner), StringComparison.Ordinal);
        var token = me.AccessToken;
        if (actor == Actor.Ended)
        {
            await me.Accounts.LogoutAsync();
            await app.EndsEverywhereAsync(token);
        }

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
        if (path.StartsWith("/api/v1/push/subscriptions", StringComparison.Ordinal))
            return (await owner.Client.Push.SubscribeAsync(PushSamples.Subscription())).Id.ToString();
        if (path.StartsWith("/api/v1/files/links", StringComparison.Ordinal))
            return (await owner.Files.CreateLinkAsync(await owner.UploadAsync())).Id.ToString();
        if (path.StartsWith("/api/v1/p2p", StringComparison.Ordinal))
            return (await owner.Transfers.OfferAsync(new OfferTransferRequest { ReceiverId = app.Admin.Id, Filename = "picture.png", Size = 1 })).TransferId.ToString();
        return owner.Id.ToString();
    }
}
