using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Transfers;

/// <summary>Two nodes on one database that know of each other, with somebody at each.</summary>
public sealed class NodePair : IAsyncLifetime
{
    internal NodeGate ToFirst { get; } = new();

    internal NodeGate ToSecond { get; } = new();

    internal App First { get; private set; } = null!;

    internal App Second { get; private set; } = null!;

    internal Person Ana { get; private set; } = null!;

    internal Person Bela { get; private set; } = null!;

    internal static void SkipOnOne() => Assert.SkipUnless(TestDatabase.IsPostgres, "SQLite has one node; HYPERSEND_TEST_DATABASE=postgres has several.");

    public async ValueTask InitializeAsync()
    {
        if (!TestDatabase.IsPostgres || TestDatabase.Missing is not null)
            return;
        First = await App.StartAsync("--NODE_URL=" + ToFirst.Url);
        ToFirst.LeadTo(First.Address);
        Second = await First.StartSecondAsync("--NODE_URL=" + ToSecond.Url);
        ToSecond.LeadTo(Second.Address);
        Ana = await First.SignUpAsync("ana");
        Bela = await Second.SignInAsync(await First.SignUpAsync("bela"));
    }

    public async ValueTask DisposeAsync()
    {
        await ToFirst.DisposeAsync();
        await ToSecond.DisposeAsync();
        if (Second is not null)
            await Second.DisposeAsync();
        if (First is not null)
            await First.DisposeAsync();
    }

    internal Task<TransferId> OfferAsync(long size) => Ana.OfferAsync(Bela, size);
}
