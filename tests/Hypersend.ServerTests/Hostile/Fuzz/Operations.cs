using System.Text.Json.Nodes;
using Hypersend.ServerTests.Authorization;

namespace Hypersend.ServerTests.Hostile.Fuzz;

/// <summary>A call as the server's own description says it: what may stand in its address, and what its body looks like.</summary>
internal sealed record Operation(string Method, string Path, IReadOnlyList<(string Name, JsonNode? Schema)> Queries, JsonNode? Body)
{
    public bool IsForAdmins => Path.Contains("/admin/", StringComparison.Ordinal) || Path.Contains("/debug/", StringComparison.Ordinal) || Path.EndsWith("/release", StringComparison.Ordinal);
}

/// <summary>Every route there is: those of the matrix, with what openapi.json knows of them.</summary>
internal static class Operations
{
    public static IReadOnlyList<Operation> Of(JsonNode document) =>
        [.. Matrix.Rows.DistinctBy(row => row.Route).Select(row => Read(row.Method, row.Path, document["paths"]?[row.Path]?[row.Method.ToLowerInvariant()]))];

    private static Operation Read(string method, string path, JsonNode? described)
    {
        var queries = described?["parameters"]?.AsArray().Where(one => (string?)one!["in"] == "query").Select(one => ((string)one!["name"]!, one["schema"])).ToList();
        return new Operation(method, path, queries ?? [], described?["requestBody"]?["content"]?["application/json"]?["schema"]);
    }
}
