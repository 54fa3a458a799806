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
    ];
}
