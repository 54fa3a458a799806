using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Errors;

/// <summary>Every error's body: RFC 9457 problem details with a stable code and a hint that says what to do.</summary>
public sealed record ApiProblem
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Code { get; init; }

    public required string Detail { get; init; }

    public required string Hint { get; init; }

    public required IReadOnlyList<string> Hints { get; init; }

    /// <summary>What is wrong with which field of the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>Repeats <c>detail</c> for old clients.</summary>
    public required string Error { get; init; }

    public required string TraceId { get; init; }

    /// <summary>Facts of a single kind of error, such as <c>max_size</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; set; }
}
