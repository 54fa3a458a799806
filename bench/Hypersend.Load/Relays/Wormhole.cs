using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hypersend.Load.Files;

namespace Hypersend.Load.Relays;

/// <summary>magic-wormhole with a mailbox and a transit relay of this machine; two clients that may not listen, so that all goes through the relay.</summary>
internal sealed class Wormhole : IDisposable
{
    private const string Client = "/usr/bin/wormhole";
    private const string Runner = "/usr/bin/twist3";

    private readonly string _folder;
    private readonly string[] _servers;
    private readonly Process _mailbox;
    private readonly Process _transit;
    private readonly int[] _ports;
    private int _number;

    private Wormhole(string folder)
    {
        _folder = folder;
        var (mailbox, transit) = (ChildProcess.FreeUrl().Port, ChildProcess.FreeUrl().Port);
        _servers = [string.Create(CultureInfo.InvariantCulture, $"--relay-url=ws://127.0.0.1:{mailbox}/v1"), string.Create(CultureInfo.InvariantCulture, $"--transit-helper=tcp:127.0.0.1:{transit}")];
        _mailbox = Start(Runner, ["wormhole-mailbox", string.Create(CultureInfo.InvariantCulture, $"--port=tcp:{mailbox}:interface=127.0.0.1")]);
        _transit = Start(Runner, ["transitrelay", string.Create(CultureInfo.InvariantCulture, $"--port=tcp:{transit}:interface=127.0.0.1")]);
        _ports = [mailbox, transit];
    }

    /// <summary>Null where it is not installed: the client, or its servers, which are packages of their own.</summary>
    public static async Task<Wormhole?> TryStartAsync(string folder)
    {
        if (!File.Exists(Client) || !File.Exists(Runner))
            return null;
        var wormhole = new Wormhole(folder);
        foreach (var port in wormhole._ports)
        {
            if (await wormhole.IsReadyAsync(port))
                continue;
            wormhole.Dispose();
            return null;
        }

        return wormhole;
    }

    /// <summary>A file of this many blocks, for all rounds.</summary>
    public void Write(ReadOnlySpan<byte> block, int blocks)
    {
        using var file = File.Create(Path.Combine(_folder, "film.mkv"));
        for (var i = 0; i < blocks; i++)
            file.Write(block);
    }

    /// <summary>Seconds from the start of both clients until both have ended.</summary>
    public double Send()
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"{++_number}-slow-horse");
        var target = Path.Combine(_folder, "film.out");
        Disk.Sync(_folder);
        var began = Stopwatch.GetTimestamp();
        using var sender = Start(Client, [.. _servers, "send", "--no-listen", "--hide-progress", "--code=" + code, Path.Combine(_folder, "film.mkv")]);
        using var receiver = Start(Client, [.. _servers, "receive", "--no-listen", "--hide-progress", "--accept-file", "--output-file=" + target, code]);
        receiver.WaitForExit();
        sender.WaitForExit();
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (sender.ExitCode != 0 || receiver.ExitCode != 0)
            throw new InvalidOperationException("wormhole did not send the file.");
        File.Delete(target);
        return took;
    }

    public void Dispose()
    {
        foreach (var process in (Process[])[_mailbox, _transit])
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    /// <summary>False when one of the servers has ended.</summary>
    private async Task<bool> IsReadyAsync(int port)
    {
        while (!_mailbox.HasExited && !_transit.HasExited)
        {
            using var tcp = new TcpClient();
            try
            {
                await tcp.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        return false;
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;

        // What they say is of no interest, and must not fill a pipe.
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
