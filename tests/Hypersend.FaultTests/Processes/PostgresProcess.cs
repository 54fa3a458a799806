using System.Diagnostics;
using System.Globalization;

namespace Hypersend.FaultTests.Processes;

/// <summary>A PostgreSQL of one test's own, with the settings of one that loses nothing.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    public const string Absent = "PostgreSQL is absent: its server is not installed, or there is no user to run it as";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string? Programs = FindPrograms();

    private readonly string _folder;
    private readonly int _port = Ports.Next();
    private readonly ChildProcess _process;

    private PostgresProcess(string folder)
    {
        _folder = folder;
        string[] settings = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=400"];
        var (program, before) = AsItsUser("postgres");
        _process = new ChildProcess(program, [.. before, "-D", Path.Combine(folder, "data"), "-p", _port.ToString(CultureInfo.InvariantCulture), .. settings], "/");
    }

    public static bool IsInstalled => Programs is not null && (!Environment.IsPrivilegedProcess || File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)));

    /// <summary>As a setting.</summary>
    public string Setting => string.Create(CultureInfo.InvariantCulture, $"postgres://hypersend:x@127.0.0.1:{_port}/postgres");

    public static async Task<PostgresProcess> StartAsync()
    {
        var postgres = new PostgresProcess(MakeFolder());
        try
        {
            await postgres.InitAsync();
            await postgres.StartAgainAsync();
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    public Task KillAsync() => _process.KillAsync();

    public Task StartAgainAsync()
    {
        _process.Start();
        return _process.ReadyAsync(IsReadyAsync, Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // What is killed are processes, never the machine: where memory has room the files lie there, and the disk is left to others.
    private static string MakeFolder()
    {
        var memory = new DriveInfo("/dev/shm");
        var parent = memory is { IsReady: true, AvailableFreeSpace: > 4L << 30 } ? "/dev/shm" : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(parent, "hypersend-faults-" + Path.GetRandomFileName())).FullName;
    }

    private static string? FindPrograms()
    {
        const string versions = "/usr/lib/postgresql";
        return Directory.Exists(versions)
            ? Directory.GetDirectories(versions).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order().LastOrDefault()
            : null;
    }

    // initdb and the server refuse to be root.
    private static (string Program, string[] Before) AsItsUser(string program)
    {
        var path = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", path]) : (path, []);
    }

    private async Task InitAsync()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        if (Environment.IsPrivilegedProcess)
        {
            // It has to be able to walk through.
            await RunAsync("chmod", ["711", _folder]);
            await RunAsync("chown", ["postgres", data]);
        }

        var (program, before) = AsItsUser("initdb");
        await RunAsync(program, [.. before, "-D", data, "-U", "hypersend", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        var asking = new ProcessStartInfo(Path.Combine(Programs!, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture)]);
        using var asked = Process.Start(asking)!;
        await asked.WaitForExitAsync(cancellation);
        return asked.ExitCode == 0;
    }

    private static async Task RunAsync(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {string.Join('\n', said)}");
    }
}
