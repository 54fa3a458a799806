using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Contracts.Chats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>Two people in browsers of their own, in the chat between them, with a file for each other.</summary>
internal sealed class DirectPair(IReadOnlyList<IBrowserContext> contexts, IReadOnlyList<IPage> pages, IReadOnlyList<Complaints> complaints) : IAsyncDisposable
{
    /// <summary>Without the browser's own dialogs, which no test can use.</summary>
    public const string NoPickers = "delete globalThis.showOpenFilePicker; delete globalThis.showSaveFilePicker;";

    /// <summary>No download through the service worker either: then the browser's private disk is the place.</summary>
    public const string NoWorker = "delete Navigator.prototype.serviceWorker;";

    public const string NoLines = "delete globalThis.RTCPeerConnection;";

    /// <summary>The person picks a file; it lies where a page may look at it.</summary>
    public const string PicksPlace = """
        globalThis.showSaveFilePicker = async ({ suggestedName }) =>
          (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
        """;

    private const string HashOfPicked = """
        async (name) => {
          const file = await (await (await navigator.storage.getDirectory()).getFileHandle(name)).getFile();
          const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
          return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
        }
        """;

    private const string SizeOfPicked = """
        async (name) => {
          const folder = await navigator.storage.getDirectory();
          for await (const [found, handle] of folder.entries()) if (found === name) return (await handle.getFile()).size;
          return -1;
        }
        """;

    private const string LineOfSender = """
        globalThis.line = { sent: 0, got: 0, most: MOST, spoils: SPOILS, lies: false, isSilent: false };
        const { createDataChannel } = RTCPeerConnection.prototype;
        RTCPeerConnection.prototype.createDataChannel = function (...how) {
          const channel = createDataChannel.apply(this, how);
          channel.addEventListener("message", ({ data }) => (line.got += typeof data === "string" && data.includes('"got"') ? 1 : 0));
          return channel;
        };
        const { send } = RTCDataChannel.prototype;
        RTCDataChannel.prototype.send = function (frame) {
          if (typeof frame === "string") return send.call(this, line.lies ? frame.replace(/("sha256_root":")[0-9a-f]{8}/, "$100000000") : frame);
          line.sent += frame.byteLength;
          if (line.sent > line.most) return void (line.isSilent = true);
          const bytes = new Uint8Array(frame);
          if (bytes[7] === line.spoils) {
            line.spoils = -1;
            bytes[99] ^= 1;
          }
          send.call(this, frame);
        };
        """;

    /// <summary>So many chunks, or more, are written down as being on this disk.</summary>
    private const string AwaitKept = """
        async (count) => {
          const opened = (request) => new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          const { name } = (await indexedDB.databases()).find((one) => one.name.startsWith("hypersend."));
          for (;;) {
            const database = await opened(indexedDB.open(name));
            const facts = await opened(database.transaction("facts").objectStore("facts").getAll());
            database.close();
            const kept = facts.find((fact) => fact.place)?.digests?.known ?? [];
            const there = kept.reduce((sum, one) => sum + one, 0);
            if (there >= count) return there;
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }
        """;

    /// <summary>On a busy machine a line may come up at the fifth attempt only, and each waits longer than the one before.</summary>
    public const float Long = 300_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(Long);

    private readonly TaskCompletionSource _letIn = new();

    public IReadOnlyList<IPage> Pages => pages;

    public IPage Sender => pages[0];

    public IPage Receiver => pages[1];

    /// <summary>What leaves the sender's page by a direct line, in the hands of the test.</summary>
    /// <param name="most">Behind so many bytes nothing leaves any more, and nobody is told.</param>
    /// <param name="spoils">A byte of this chunk is changed on its way, once.</param>
    public static string Line(long? most = null, int spoils = -1) => LineOfSender
        .Replace("MOST", most?.ToString(CultureInfo.InvariantCulture) ?? "Infinity", StringComparison.Ordinal)
        .Replace("SPOILS", spoils.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    public static async Task<DirectPair> OpenAsync(Chromium chromium, AppServer at, (string Name, string Script) sender, (string Name, string Script) receiver, params string[] expected)
    {
        var (one, two) = (await at.SignUpAsync(sender.Name), await at.SignUpAsync(receiver.Name));
        var chat = await one.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Direct, MemberIds = [(await two.Accounts.GetMeAsync()).Id] });
        var contexts = new[] { await chromium.OpenAsync(at.Address, 1000, 800), await chromium.OpenAsync(at.Address, 1000, 800) };
        var opened = await Task.WhenAll(contexts.Zip(new[] { sender, receiver }).Select(async side =>
        {
            var page = await side.First.NewPageAsync();
            var complaints = new Complaints(page, expected);
            var live = LiveAsync(page);
            await page.AddInitScriptAsync(side.Second.Script);
            await page.EnterAsync(side.Second.Name, $"/c/{chat.Id}");

            // Both hear what happens from now on.
            await live;
            return (Page: page, Complaints: complaints);
        }));
        return new DirectPair(contexts, [.. opened.Select(side => side.Page)], [.. opened.Select(side => side.Complaints)]);
    }

    public static async Task<string> HashAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }

    /// <summary>A file of which no two pages are the same.</summary>
    public static string Fill(string folder, int mebibytes, byte salt = 0)
    {
        var bytes = new byte[mebibytes << 20];
        for (var at = 0; at < bytes.Length; at += 4096) BitConverter.TryWriteBytes(bytes.AsSpan(at), (at * 31L) + salt);
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, $"{salt}")).FullName, "film.bin");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public async Task OfferAsync(string path, string? words = null)
    {
        var chooser = await Sender.RunAndWaitForFileChooserAsync(() => Sender.Button("Attach files").ClickAsync());
        await chooser.SetFilesAsync(path);
        if (words is not null) await Sender.Field("Caption (optional)").FillAsync(words);
        await Sender.Button("Send directly").ClickAsync();
    }

    public Task AcceptAsync(string button) => Offer.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

    /// <summary>The same, by a download that has begun.</summary>
    public Task<IDownload> AcceptAsDownloadAsync() => Receiver.RunAndWaitForDownloadAsync(() => AcceptAsync("Accept"), new() { Timeout = Long });

    /// <summary>No new socket of these is let in before the answer is set; those that are there stay.</summary>
    /// <param name="whose">Nobody named: both.</param>
    public async Task<TaskCompletionSource> HoldTicketsAsync(params IPage[] whose)
    {
        foreach (var page in whose.Length > 0 ? whose : pages)
        {
            await page.Context.RouteAsync("**/auth/ws-ticket", async route =>
            {
                await _letIn.Task;
                await route.ContinueAsync();
            });
        }

        return _letIn;
    }

    /// <summary>What left by the direct line does not arrive any more.</summary>
    public Task SilenceAsync() => Sender.WaitForFunctionAsync("() => line.isSilent", null, new() { Timeout = Long });

    /// <summary>The receiver has said of so many chunks that they are safe.</summary>
    public Task GotAsync(int count) => Sender.WaitForFunctionAsync("(count) => line.got >= count", count, new() { Timeout = Long });

    public Task<int> KeptAsync(int least) => Receiver.EvaluateAsync<int>(AwaitKept, least).WaitAsync(Patience);

    public Task<string> PickedHashAsync(string path) => Receiver.EvaluateAsync<string>(HashOfPicked, Path.GetFileName(path));

    /// <summary>-1 where there is none of that name.</summary>
    public Task<long> PickedSizeAsync(string path) => Receiver.EvaluateAsync<long>(SizeOfPicked, Path.GetFileName(path));

    public async Task ExpectDoneAsync(float timeout = Long)
    {
        foreach (var page in pages)
        {
            await Expect(page.Locator(".direct[data-state=done]")).ToHaveCountAsync(1, new() { Timeout = timeout });
            await Expect(page.Locator(".direct .verified")).ToHaveTextAsync("Verified");
        }
    }

    /// <summary>The newest one ended on both sides, with these words.</summary>
    public async Task ExpectFailedAsync(string words)
    {
        foreach (var page in pages) await Expect(page.Locator(".direct[data-state=failed]").First).ToContainTextAsync(words, new() { Timeout = Long });
    }

    public void ShouldNotComplain()
    {
        foreach (var complaint in complaints) complaint.ShouldBeNone();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in contexts)
        {
            // What was held is not for anybody any more.
            await context.UnrouteAllAsync(new() { Behavior = UnrouteBehavior.IgnoreErrors });
            await context.CloseAsync();
        }

        _letIn.TrySetResult();
    }

    private ILocator Offer => Receiver.Locator(".direct-offer");

    /// <summary>The page's socket has been told everything that was.</summary>
    private static Task LiveAsync(IPage page)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            if (frame.Text?.Contains("\"synced\"", StringComparison.Ordinal) == true) told.TrySetResult();
        };
        return told.Task.WaitAsync(Patience);
    }
}
