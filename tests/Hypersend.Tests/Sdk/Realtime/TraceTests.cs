using System.Text.Json;

namespace Hypersend.Tests.Sdk.Realtime;

/// <summary>The stories of tests/traces, played to the client's core.</summary>
public sealed class TraceTests
{
    private static readonly string Folder = FindFolder();

    public static TheoryData<string> Traces => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Traces))]
    public void The_client_ends_up_as_the_trace_says(string trace)
    {
        using var story = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, trace + ".json")));
        var player = new TracePlayer();
        var number = 0;
        foreach (var step in story.RootElement.GetProperty("steps").EnumerateArray())
            player.Play(step, $"{trace}, step {++number}");
    }

    [Fact]
    public void There_are_traces() => Assert.NotEmpty(Traces);

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hypersend.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        return Path.Combine(folder.FullName, "tests", "traces");
    }
}
