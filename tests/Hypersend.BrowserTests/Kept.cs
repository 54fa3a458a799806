using Hypersend.Contracts.Ids;
using Microsoft.Playwright;

namespace Hypersend.BrowserTests;

/// <summary>What a browser keeps for a start without a network.</summary>
internal static class Kept
{
    private const string AwaitRecords = """
        async ([user, shelf, least, most]) => {
          const opened = (request) => new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          const name = `hypersend.${user}`;
          for (;;) {
            if ((await indexedDB.databases()).some((one) => one.name === name)) {
              const database = await opened(indexedDB.open(name));
              const count = await opened(database.transaction(shelf).objectStore(shelf).count());
              database.close();
              if (count >= least && count <= most) return;
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }
        """;

    private const string AwaitTheApp = """
        async () => {
          await navigator.serviceWorker.ready;
          if (navigator.serviceWorker.controller) return;
          await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
        }
        """;

    /// <summary>From now on the app itself starts without a server.</summary>
    public static Task AppAsync(IPage page) => page.EvaluateAsync(AwaitTheApp).WaitAsync(TimeSpan.FromMinutes(3));

    /// <summary>Whose things a browser keeps that only one person has used.</summary>
    public static async Task<UserId> OwnerAsync(IPage page) => new(Guid.Parse((await page.EvaluateAsync<string>(
        """async () => (await indexedDB.databases()).map((one) => one.name).find((name) => name.startsWith("hypersend."))"""))["hypersend.".Length..]));

    /// <summary>So many of this account's chats, or of what it is about to send, are written down.</summary>
    public static Task RecordsAsync(IPage page, UserId user, string shelf, int least, int most = 1000) =>
        page.EvaluateAsync(AwaitRecords, new object[] { user.ToString(), shelf, least, most }).WaitAsync(TimeSpan.FromMinutes(3));
}
