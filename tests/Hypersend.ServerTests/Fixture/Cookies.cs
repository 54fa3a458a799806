namespace Hypersend.ServerTests.Fixture;

/// <summary>The cookies of an answer, read as a browser does.</summary>
internal static class Cookies
{
    public static IReadOnlyDictionary<string, Cookie> Of(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var lines)
            ? lines.Select(Parse).ToDictionary(cookie => cookie.Name)
            : new Dictionary<string, Cookie>();

    private static Cookie Parse(string line)
    {
        var parts = line.Split("; ");
        var pair = parts[0].Split('=', 2);
        return new Cookie(pair[0], pair[1], [.. parts[1..].Select(part => part.ToLowerInvariant()).Where(part => !part.StartsWith("expires=", StringComparison.Ordinal)).Order()]);
    }
}

/// <summary>A cookie and what it says of itself, but for its end.</summary>
internal sealed record Cookie(string Name, string Value, IReadOnlyList<string> Attributes)
{
    /// <summary>As the browser sends it back.</summary>
    public (string Name, string Value) Header => ("Cookie", $"{Name}={Value}");
}
