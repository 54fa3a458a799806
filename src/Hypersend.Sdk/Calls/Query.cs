using System.Globalization;

namespace Hypersend.Sdk.Calls;

/// <summary>Adds what is there to an address.</summary>
internal static class Query
{
    public static string Of(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in parameters)
        {
            if (value is null)
                continue;
            path += $"{separator}{name}={Uri.EscapeDataString(value)}";
            separator = '&';
        }

        return path;
    }

    public static string Page(string path, string? cursor, int? limit) =>
        Of(path, ("cursor", cursor), ("limit", limit?.ToString(CultureInfo.InvariantCulture)));
}
