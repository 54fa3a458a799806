using System.Text.Json;

namespace Hypersend.Server.Platform.Problems;

/// <summary>An expected failure: a code of the table, with what this case adds to it.</summary>
internal sealed record Failure(string Code, string? Detail = null)
{
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What to do about it where that of the table would mislead.</summary>
    public string? Hint { get; init; }

    /// <summary>What is wrong with which field, in the wire's spelling.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>Facts that belong to this code, such as <c>max_size</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement>? More { get; init; }

    public static Failure OfField(string code, string field, string message) =>
        new(code) { Errors = new Dictionary<string, IReadOnlyList<string>> { [field] = [message] } };
}
