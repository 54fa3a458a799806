using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace Hypersend.BrowserTests;

/// <summary>Overhears every access token on its way to the page, and looks for them wherever a script could find them.</summary>
internal sealed class TokenSearch
{
    private const string DumpStorage = """
        async () => {
          const dump = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie, window.name];
          const opened = (request) => new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          for (const { name } of await indexedDB.databases()) {
            const database = await opened(indexedDB.open(name));
            for (const store of database.objectStoreNames) {
              dump.push(JSON.stringify(await opened(database.transaction(store).objectStore(store).getAll())));
            }
            database.close();
          }
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) dump.push(await (await cache.match(request)).text());
          }
          return dump.join("\n");
        }
        """;

    private readonly IPage _page;
    private readonly ConcurrentBag<Task<string?>> _tokens = [];

    public TokenSearch(IPage page)
    {
        _page = page;
        page.Response += (_, response) =>
        {
            if (response.Ok && response.Request.Method == "POST" && IsTokenCall(response.Url)) _tokens.Add(ReadTokenAsync(response));
        };
    }

    public async Task ShouldFindNothingAsync()
    {
        var tokens = await Task.WhenAll(_tokens);
        Assert.NotEmpty(tokens);
        var dump = await _page.EvaluateAsync<string>(DumpStorage);
        Assert.All(tokens, token => Assert.DoesNotContain(token ?? throw new InvalidOperationException("An answer had no token."), dump, StringComparison.Ordinal));
        // Nor any other token of that shape.
        Assert.DoesNotMatch(@"eyJ[\w-]+\.[\w-]+\.", dump);
    }

    private static bool IsTokenCall(string url) => url.EndsWith("/auth/register", StringComparison.Ordinal)
        || url.EndsWith("/auth/login", StringComparison.Ordinal) || url.EndsWith("/auth/refresh", StringComparison.Ordinal);

    private static async Task<string?> ReadTokenAsync(IResponse response)
    {
        var body = await response.JsonAsync();
        Assert.False(body!.Value.TryGetProperty("refresh_token", out _), "A cookie session must not be told its refresh token.");
        return body.Value.TryGetProperty("access_token", out var token) && token.ValueKind == JsonValueKind.String ? token.GetString() : null;
    }
}
