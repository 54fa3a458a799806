using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hypersend.FaultTests.Processes;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Start;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Transfers;

/// <summary>What GET /p2p/ice gives, shown to a real TURN server.</summary>
public sealed class TurnTests
{
    private const string Program = "/usr/bin/turnserver";
    private const string Secret = "between the two of us";

    [Fact]
    public async Task A_turn_server_lets_in_whom_we_gave_credentials_and_nobody_else()
    {
        Assert.SkipUnless(File.Exists(Program), "coturn is not installed");
        using var folder = new ScratchFolder();
        var port = Ports.Next();
        await using var app = await App.StartAsync(
            string.Create(CultureInfo.InvariantCulture, $"--TURN_URLS=turn:127.0.0.1:{port}?transport=udp"), "--TURN_SECRET=" + Secret);
        var ana = await app.SignUpAsync("ana");
        var turn = Assert.Single((await ana.Transfers.GetIceAsync()).Servers, server => server.Username is not null);
        using var server = Start(folder.Path, port);
        try
        {
            using var client = new TurnClient(port);
            Assert.Equal(TurnClient.Allocated, await client.AllocateAsync(turn.Username!, turn.Credential!));

            using var guesser = new TurnClient(port);
            Assert.Equal(TurnClient.Unauthorized, await guesser.AllocateAsync(turn.Username!, turn.Credential![..^4] + "AAA="));

            // The credential is right for this name, and the name's time is over.
            using var late = new TurnClient(port);
            var past = string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeSeconds()}:{ana.Id}");
            Assert.Equal(TurnClient.Unauthorized, await late.AllocateAsync(past, Sign(past)));

            // The same server, as the operator's check sees it.
            var stun = string.Create(CultureInfo.InvariantCulture, $"--STUN_URLS=stun:127.0.0.1:{port}");
            var well = await VerbRun.BesideAsync(app, "check", "--json", stun);
            Assert.Equal(["ok", "ok"], new[] { "turn.stun", "turn.relay" }.Select(name => Assert.Single(well.Findings()[name]).Verdict));
            var other = await VerbRun.RunAsync("", ["check", "--json", .. app.Settings, "--TURN_SECRET=another one"]);
            var refused = Assert.Single(other.Findings()["turn.relay"]);
            Assert.Equal((1, "wrong", true), (other.Code, refused.Verdict, refused.Seen.EndsWith("refuses with 401", StringComparison.Ordinal)));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static Process Start(string folder, int port)
    {
        var start = new ProcessStartInfo(Program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
        {
            "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"--listening-port={port}"),
            "--use-auth-secret", "--static-auth-secret=" + Secret, "--realm=hypersend", "--no-tls", "--no-dtls", "--no-cli",
            "--log-file=stdout", "--pidfile=" + Path.Combine(folder, "turnserver.pid"), "--db=" + Path.Combine(folder, "turndb"),
        })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;

        // What it says is of no interest, but it must be able to say it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

#pragma warning disable CA5350 // As the TURN server computes it.
    private static string Sign(string name) => Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(name)));
#pragma warning restore CA5350
}
