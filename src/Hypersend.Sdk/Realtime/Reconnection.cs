using System.Globalization;

namespace Hypersend.Sdk.Realtime;

/// <summary>
/// How long to wait before the next try: chance out of a span that doubles, so that a thousand clients do not come back in
/// the same moment. Where the server says a time, that is the time.
/// </summary>
internal sealed class Reconnection(TimeSpan first, TimeSpan longest, Func<double> chance)
{
    private int _failures;

    public TimeSpan Next(string? closeReason)
    {
        if (RetryIn(closeReason) is { } told)
            return told < longest ? told : longest;
        var span = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 30)));
        return TimeSpan.FromMilliseconds(span * chance());
    }

    public void Succeeded() => _failures = 0;

    /// <summary>The <c>retry_ms</c> of a close reason, however it is wrapped.</summary>
    public static TimeSpan? RetryIn(string? closeReason)
    {
        const string word = "retry_ms";
        var at = closeReason?.IndexOf(word, StringComparison.Ordinal) ?? -1;
        if (at < 0)
            return null;
        var digits = closeReason.AsSpan(at + word.Length).TrimStart("\"=: ");
        var length = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(length < 0 ? digits : digits[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;
    }
}
