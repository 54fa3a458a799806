using System.Diagnostics;
using System.Globalization;
using Hypersend.FaultTests.Processes;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Fixture;

/// <summary>A real nginx with deploy/nginx/hypersend.conf, as render.sh fits it to these addresses, before one node or several.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    public const string Absent = "nginx is absent: it is not installed";

    private const string Program = "/usr/sbin/nginx";

    private readonly ScratchFolder _folder;
    private readonly Process _process;

    private Nginx(ScratchFolder folder, Process process, int port, bool isTls)
    {
        (_folder, _process) = (folder, process);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"{(isTls ? "https" : "http")}://127.0.0.1:{port}"));
    }

    public static bool IsInstalled { get; } = File.Exists(Program);

    public Uri Address { get; }

    /// <summary>One line a request, as a site would have it.</summary>
    public string AccessLog => File.ReadAllText(_folder.File("access.log"));

    /// <param name="nodes">Host and port of each.</param>
    /// <param name="more">What else render.sh takes.</param>
    public static async Task<Nginx> StartAsync(IEnumerable<Uri> nodes, params string[] more)
    {
        var folder = new ScratchFolder();
        try
        {
            for (var tries = 1; ; tries++)
            {
                // Somebody else may take the port before nginx does.
                var port = Ports.Next();
                await RenderAsync([
                    "--to", folder.Path, "--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
                    "--nodes", string.Join(' ', nodes.Select(node => node.Authority)), .. more]);
                if (await TryLaunchAsync(folder) is { } process)
                    return new Nginx(folder, process, port, more.Contains("--certificate"));
                Assert.True(tries < 5, "nginx does not start: " + await File.ReadAllTextAsync(folder.File("error.log")));
            }
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // TERM ends it with its worker, which a kill would leave behind.
        if (!_process.HasExited)
        {
            using var end = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private static string Script
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Hypersend.slnx")))
                folder = folder.Parent;
            return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The tests lie outside the repository."), "deploy", "nginx", "render.sh");
        }
    }

    private static async Task<Process?> TryLaunchAsync(ScratchFolder folder)
    {
        var process = Process.Start(Program, ["-p", folder.Path, "-e", folder.File("error.log"), "-c", folder.File("nginx.conf")]);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!process.HasExited)
        {
            // Written when it listens: that somebody answers at the port would not tell who.
            if (new FileInfo(folder.File("nginx.pid")) is { Exists: true, Length: > 0 })
                return process;
            await timer.WaitForNextTickAsync();
        }

        process.Dispose();
        return null;
    }

    private static async Task RenderAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Script, arguments) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"render.sh ended with {process.ExitCode}: {said}");
    }
}
