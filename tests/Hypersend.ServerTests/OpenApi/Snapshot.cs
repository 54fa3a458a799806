using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hypersend.ServerTests.OpenApi;

/// <summary>The API document as it is kept in docs: keys in order, one value a line, so that a change shows as what it is.</summary>
internal static class Snapshot
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Path { get; } = System.IO.Path.Combine(Root(), "docs", "openapi.json");

    public static string Normalise(string document) => Sorted(JsonNode.Parse(document))!.ToJsonString(Layout) + "\n";

    /// <summary>A line number and the line on either side.</summary>
    public static string FirstDifference(string kept, string live)
    {
        string[] before = kept.Split('\n'), now = live.Split('\n');
        var at = 0;
        while (at < Math.Min(before.Length, now.Length) && before[at] == now[at])
            at++;
        return $"{at + 1}: \"{LineAt(before, at)}\" is now \"{LineAt(now, at)}\"";
    }

    private static string LineAt(string[] lines, int at) => at < lines.Length ? lines[at].Trim() : "";

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject named => new JsonObject(named.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Hypersend.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests lie outside the repository.");
    }
}
