using System.Text.Json;

namespace Hypersend.Tests;

/// <summary>Test data of others that lies beside the project; tests that want it are skipped where it is absent.</summary>
internal static class SharedData
{
    public static JsonDocument Json(string name) => JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));

    /// <summary>The path of a file or folder; skips the test, with the reason, when it is not here.</summary>
    public static string PathOf(string name)
    {
        var path = Find(name);
        Assert.SkipUnless(path is not null, $"../shared/data/{name} is not here.");
        return path!;
    }

    /// <summary>The path of a file or folder; null when it is not here.</summary>
    public static string? Find(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Hypersend.slnx")))
            folder = folder.Parent;
        var path = Path.Combine(folder?.FullName ?? ".", "..", "shared", "data", name);
        return Path.Exists(path) ? path : null;
    }
}
