using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.OpenApi;

/// <summary>docs/openapi.json is what the web app's types are made from, so it must be what the server says.</summary>
public sealed class SnapshotTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task The_snapshot_in_docs_is_the_document_of_the_running_server()
    {
        var live = Snapshot.Normalise(await app.Http.GetStringAsync(new Uri(app.Address, "/openapi.json")));
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOT") == "1")
            await File.WriteAllTextAsync(Snapshot.Path, live);

        var kept = File.Exists(Snapshot.Path) ? await File.ReadAllTextAsync(Snapshot.Path) : "";
        Assert.True(kept == live, $"""
            docs/openapi.json is not what the server says at /openapi.json; the first difference is in line {Snapshot.FirstDifference(kept, live)}.
            When the change is meant, renew the snapshot and then the web app's types:
              UPDATE_SNAPSHOT=1 tests/run.sh ServerTests --filter-class '*SnapshotTests'
              npm --prefix src/Hypersend.Web run types
            """);
    }
}
