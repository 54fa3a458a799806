using Hypersend.Load.Blobs;
using Hypersend.Load.Fanout;
using Hypersend.Load.Files;
using Hypersend.Load.History;
using Hypersend.Load.Nodes;
using Hypersend.Load.People;
using Hypersend.Load.Presence;
using Hypersend.Load.Push;
using Hypersend.Load.Relays;
using Hypersend.Load.Search;
using Hypersend.Load.Send;

namespace Hypersend.Load;

/// <summary>Every scenario by name, in the order they run.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<(string Name, Func<RunOptions, Report, Task> Run)> All { get; } =
    [
        ("start", StartScenario.RunAsync),
        ("idle", IdleScenario.RunAsync),
        ("login", LoginScenario.RunAsync),
        ("me", MeScenario.RunAsync),
        ("send", SendScenario.RunAsync),
        ("fanout", FanoutScenario.RunAsync),
        ("sockets", SocketsScenario.RunAsync),
        ("presence", PresenceScenario.RunAsync),
        ("push", PushScenario.RunAsync),
        ("history", HistoryScenario.RunAsync),
        ("indexing", IndexCost.RunAsync),
        ("search", SearchScenario.RunAsync),
        ("blobs", BlobsScenario.RunAsync),
        ("upload", UploadScenario.RunAsync),
        ("download", DownloadScenario.RunAsync),
        ("sealed", SealedScenario.RunAsync),
        ("cli", CliScenario.RunAsync),
        ("big", BigFileScenario.RunAsync),
        ("bucket", BucketScenario.RunAsync),
        ("busy", BusyScenario.RunAsync),
        ("web", BrowserScenario.Of("times.mjs")),
        ("relay", RelayScenario.RunAsync),
        ("direct", BrowserScenario.Of("direct-times.mjs")),
        ("people", PeopleScenario.RunAsync),
        ("nodes", NodesScenario.RunAsync),
    ];
}
