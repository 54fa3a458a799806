using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Hypersend.BrowserTests;

/// <summary>All that a page said was wrong: errors in the console (a breach of the content security policy is one), exceptions, failed requests.</summary>
internal sealed class Complaints
{
    private readonly ConcurrentQueue<string> _heard = new();

    public Complaints(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _heard.Enqueue($"console {message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => _heard.Enqueue($"exception: {error}");
        page.RequestFailed += (_, request) =>
        {
            // A reload cuts what is under way; that is no fault of the page.
            if (request.Failure is not "net::ERR_ABORTED") _heard.Enqueue($"request: {request.Url} {request.Failure}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 500) _heard.Enqueue($"answer: {response.Status} {response.Url}");
        };
    }

    public void ShouldBeNone() => Assert.Empty(_heard);
}
