using System.Diagnostics;

namespace Hypersend.Load.Peers;

/// <summary>The others, as processes: each sends what one client says to all that are connected, and stores nothing.</summary>
internal static class Peer
{
    /// <summary>The hub of bench/peers/signalr.</summary>
    /// <param name="options">Where the project is.</param>
    /// <param name="serverCollector">With .NET's collector for servers, which ASP.NET takes by default, or with the one that uses less memory.</param>
    public static Task<ChildProcess> StartSignalRAsync(RunOptions options, bool serverCollector)
    {
        var url = ChildProcess.FreeUrl();
        var program = Path.Combine(options.Root, "bench", "peers", "signalr", "bin", "Release", "net10.0", "signalr-peer");
        var start = new ProcessStartInfo(program, ["--urls=" + url]) { WorkingDirectory = Path.GetDirectoryName(program) };
        start.Environment["DOTNET_gcServer"] = serverCollector ? "1" : "0";
        return ChildProcess.StartAsync(start, url, "/ready");
    }

    /// <summary>bench/peers/socketio; what it needs is installed the first time.</summary>
    public static async Task<ChildProcess> StartSocketIoAsync(RunOptions options)
    {
        var folder = Path.Combine(options.Root, "bench", "peers", "socketio");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            using var install = Process.Start(new ProcessStartInfo("npm", ["ci", "--silent"]) { WorkingDirectory = folder })!;
            await install.WaitForExitAsync();
            if (install.ExitCode != 0)
                throw new InvalidOperationException("npm ci failed in " + folder);
        }

        var url = ChildProcess.FreeUrl();
        var start = new ProcessStartInfo("node", ["server.mjs", url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)]) { WorkingDirectory = folder };
        return await ChildProcess.StartAsync(start, url, "/");
    }
}
