using System.Runtime.CompilerServices;
using Hypersend.Contracts.Admin;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Authorization;

/// <summary>The people who play in chats: the same for all rows of one server, in a new chat each time.</summary>
internal sealed record Troupe(Person Owner, Person Admin, Person Member, Person Subscriber, Person Former, Person Stranger, Person ServerAdmin, Person Newcomer)
{
    private static readonly ConditionalWeakTable<App, Lazy<Task<Troupe>>> Troupes = [];

    public static Task<Troupe> OfAsync(App app) => Troupes.GetValue(app, one => new Lazy<Task<Troupe>>(() => GatherAsync(one))).Value;

    /// <summary>Null for nobody.</summary>
    public Person? Who(Actor actor) => actor switch
    {
        Actor.Owner => Owner,
        Actor.Admin => Admin,
        Actor.Member => Member,
        Actor.Subscriber => Subscriber,
        Actor.Former => Former,
        Actor.ServerAdmin => ServerAdmin,
        Actor.Stranger or Actor.Missing => Stranger,
        _ => null,
    };

    private static async Task<Troupe> GatherAsync(App app)
    {
        var boss = await app.SignUpAsync("serveradmin");
        await app.Admin.Admin.UpdateUserAsync(boss.Id, new AdminUpdateUserRequest { Role = "admin" });
        return new Troupe(
            await app.SignUpAsync("owner"),
            await app.SignUpAsync("admin"),
            await app.SignUpAsync("member"),
            await app.SignUpAsync("subscriber"),
            await app.SignUpAsync("former"),
            await app.SignUpAsync("stranger"),
            boss,
            await app.SignUpAsync("newcomer"));
    }
}
