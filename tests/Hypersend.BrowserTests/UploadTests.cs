using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading.Channels;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class UploadTests(AppServer server, Chromium chromium, ITestOutputHelper output) : IDisposable
{
    private const int Size = 100 << 20;
    private const int Chunks = Size / (8 << 20) + 1;
    private readonly string _folder = Directory.CreateTempSubdirectory("hypersend-upload-").FullName;

    [Fact]
    public async Task A_large_file_outlives_a_pause_a_cut_and_a_reload_and_comes_back_as_it_was()
    {
        var dov = await server.SignUpAsync("dov");
        var chat = await dov.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Films" });
        var (mine, other) = (Fill("mine", 1), Fill("other", 2));
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "ERR_INTERNET_DISCONNECTED", "ERR_FAILED");
        var gate = new Gate();
        await context.RouteAsync("**/files/*/chunk?*", gate.PassAsync);
        // As in a browser that gives no handle: after a reload the file has to be picked again.
        await page.AddInitScriptAsync("delete globalThis.showOpenFilePicker");
        await page.EnterAsync("dov", $"/c/{chat.Id}");

        await ChooseAsync(page, () => page.Button("Attach files").ClickAsync(), mine);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        gate.Let(3);
        await gate.PassedAsync(3);
        await page.Button("Pause").ClickAsync();
        await Expect(page.Locator(".file-line")).ToContainTextAsync("Paused");
        await page.Button("Continue").ClickAsync();
        await context.SetOfflineAsync(true);
        var cut = RequestFailedAsync(page);
        gate.Let(1);
        await cut;
        await context.SetOfflineAsync(false);
        await gate.PassedAsync(4);

        var file = Assert.Single((await dov.Files.ListOfChatAsync(chat.Id)).Items);
        while (await CountAsync(dov, file.Id) < 5)
        {
            var next = gate.Passed + 1;
            gate.Let(1);
            await gate.PassedAsync(next);
        }

        var (there, passed) = (await CountAsync(dov, file.Id), gate.Passed);
        await page.ReloadAsync();

        await ChooseAsync(page, () => page.Button("Choose the same file to continue").ClickAsync(), other);
        await page.ExpectToastAsync("This is another file. Pick the one you started with.");
        gate.Let(1000);
        await ChooseAsync(page, () => page.Button("Choose the same file to continue").ClickAsync(), mine);
        await Expect(page.Locator(".file-card .verified")).ToHaveTextAsync("Verified", new() { Timeout = 60_000 });
        // What was there was not sent a second time. The page may know of the last answer before this test does.
        await gate.PassedAsync(passed + Chunks - there);
        Assert.Equal(Chunks - there, gate.Passed - passed);

        var download = await page.RunAndWaitForDownloadAsync(() => page.Link($"Download {Path.GetFileName(mine)}").ClickAsync());
        Assert.Contains("?sig=", download.Url, StringComparison.Ordinal);
        Assert.Equal(await HashAsync(mine), await HashAsync(await download.PathAsync()));
        complaints.ShouldBeNone();
    }

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public async Task A_file_of_gigabytes_outlives_a_pause_a_cut_and_a_reload_in_little_memory()
    {
        var edda = await server.SignUpAsync("edda");
        var chat = await edda.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Films" });
        var path = Soak.Fill(_folder, Soak.Bytes);
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "ERR_INTERNET_DISCONNECTED", "ERR_FAILED");
        await page.AddInitScriptAsync("delete globalThis.showOpenFilePicker");
        await page.EnterAsync("edda", $"/c/{chat.Id}");
        await using var heap = await PageHeap.WatchAsync(page);
        var watch = Stopwatch.StartNew();

        await ChooseAsync(page, () => page.Button("Attach files").ClickAsync(), path);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        var file = await FirstOfAsync(edda, chat.Id);
        await ReachAsync(edda, file, 10);
        await page.Button("Pause").ClickAsync();
        await Expect(page.Locator(".file-line")).ToContainTextAsync("Paused");
        await page.Button("Continue").ClickAsync();
        await ReachAsync(edda, file, 25);
        var cut = RequestFailedAsync(page);
        await context.SetOfflineAsync(true);
        await cut;
        await context.SetOfflineAsync(false);
        await ReachAsync(edda, file, 40);
        await page.ReloadAsync();
        var there = (await edda.Files.GetStatusAsync(file)).ReceivedBytes;
        await ChooseAsync(page, () => page.Button("Choose the same file to continue").ClickAsync(), path);
        await Expect(page.Locator(".file-card .verified")).ToHaveTextAsync("Verified", new() { Timeout = Soak.Milliseconds });

        watch.Stop();
        await heap.StopAsync();
        output.WriteLine($"upload by the page: {Soak.Speed(Soak.Bytes, watch.Elapsed)}, paused, cut, and reloaded with {there >> 20} MiB there; the page held {heap}");
        var root = Soak.RootOf(path, (await edda.Files.GetDigestsAsync(file)).ChunkSize);
        Assert.Equal(root, (await edda.Files.GetAsync(file)).Sha256Root);
        await using (var served = await edda.Files.OpenAsync(file))
            Assert.Equal(await HashAsync(path), Convert.ToHexStringLower(await SHA256.HashDataAsync(served.Stream)));
        Assert.InRange(heap.MostMegabytes, 1, 150);
        // The worker reads one chunk after the other; what it read before lies there until the browser collects it, and no longer.
        Assert.InRange(heap.MostWithWorkers, 1, 512);
        complaints.ShouldBeNone();
        // Gigabytes that nobody needs while the others run.
        await edda.Files.DeleteAsync(file);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<int> CountAsync(HypersendClient client, FileId id) =>
        (await client.Files.GetStatusAsync(id)).Received.Sum(range => range[1] - range[0] + 1);

    private static async Task<FileId> FirstOfAsync(HypersendClient client, ChatId chat)
    {
        for (; ; await Task.Delay(20))
            if ((await client.Files.ListOfChatAsync(chat)).Items is [var file]) return file.Id;
    }

    /// <summary>So many hundredths of it are on the server.</summary>
    private static async Task ReachAsync(HypersendClient client, FileId id, int percent)
    {
        for (var status = await client.Files.GetStatusAsync(id); status.ReceivedBytes * 100 < status.Size * percent; status = await client.Files.GetStatusAsync(id))
            await Task.Delay(20);
    }

    private static Task RequestFailedAsync(IPage page)
    {
        var failed = new TaskCompletionSource();
        page.RequestFailed += (_, request) =>
        {
            if (request.Url.Contains("/chunk?", StringComparison.Ordinal)) failed.TrySetResult();
        };
        return failed.Task.WaitAsync(TimeSpan.FromMinutes(3));
    }

    private static async Task ChooseAsync(IPage page, Func<Task> click, string path)
    {
        var chooser = await page.RunAndWaitForFileChooserAsync(click);
        await chooser.SetFilesAsync(path);
    }

    /// <summary>Of the same name, size and date as any other, so that only the bytes tell them apart.</summary>
    private string Fill(string folder, int seed)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName, "film.bin");
        var bytes = new byte[Size];
        for (var at = 0; at < Size; at += 4096) BitConverter.TryWriteBytes(bytes.AsSpan(at), (at * 31L) + seed);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return path;
    }

    private static async Task<string> HashAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }

    /// <summary>Chunks leave the browser only as many as were let through; those that wait are lost with what ends them.</summary>
    private sealed class Gate
    {
        private readonly Channel<bool> _open = Channel.CreateUnbounded<bool>();
        private readonly ConcurrentDictionary<int, TaskCompletionSource> _watched = new();
        private int _passed;

        public int Passed => Volatile.Read(ref _passed);

        public void Let(int count)
        {
            for (var n = 0; n < count; n++) _open.Writer.TryWrite(true);
        }

        public Task PassedAsync(int count)
        {
            var watched = _watched.GetOrAdd(count, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (Passed >= count) watched.TrySetResult();
            return watched.Task.WaitAsync(TimeSpan.FromMinutes(3));
        }

        public async Task PassAsync(IRoute route)
        {
            await _open.Reader.ReadAsync();
            await route.ContinueAsync();
            var answer = await route.Request.ResponseAsync();
            if (answer is not { Ok: true })
            {
                // It had ended before it was let through: the next one may go instead.
                Let(1);
                return;
            }

            var now = Interlocked.Increment(ref _passed);
            if (_watched.TryGetValue(now, out var watched)) watched.TrySetResult();
        }
    }
}
