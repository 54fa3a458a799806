using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Hypersend.BrowserTests;

/// <summary>
/// All that a page said was wrong: errors in the console (a breach of the content security policy is one), exceptions,
/// failed requests. The browser also reports refusals that a test provokes; those it names beforehand.
/// </summary>
internal sealed class Complaints
{
    /// <summary>What a browser says of a server that ended in the middle, by where in a request or its answer that was.</summary>
    public static readonly string[] OfAKilledServer =
    [
        "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_CONNECTION_CLOSED", "ERR_EMPTY_RESPONSE",
        "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONTENT_LENGTH_MISMATCH", "ERR_SOCKET_NOT_CONNECTED",
    ];

    private readonly ConcurrentQueue<string> _heard = new();
    private readonly string[] _expected;

    /// <param name="page">The page to listen to.</param>
    /// <param name="expected">Words of the complaints a test provokes, such as "401 /auth/login" or "ERR_CONNECTION_REFUSED".</param>
    public Complaints(IPage page, params string[] expected)
    {
        _expected = expected;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Hear($"console {message.Type}: {message.Text} {message.Location}");
        };
        page.PageError += (_, error) => Hear($"exception: {error}");
        page.RequestFailed += (_, request) =>
        {
            // A reload cuts what is under way; that is no fault of the page.
            if (request.Failure is not "net::ERR_ABORTED") Hear($"request: {request.Failure} {request.Url}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 500) Hear($"answer: {response.Status} {response.Url}");
        };
    }

    public void ShouldBeNone() => Assert.True(_heard.IsEmpty, string.Join(Environment.NewLine, _heard));

    private void Hear(string complaint)
    {
        if (!Array.Exists(_expected, words => words.Split(' ').All(word => complaint.Contains(word, StringComparison.Ordinal)))) _heard.Enqueue(complaint);
    }
}
