using System.Globalization;
using Hypersend.Tests;

namespace Hypersend.FaultTests.Processes;

/// <summary>The S3 server of the tests, in a folder of its own.</summary>
internal sealed class S3Process : IAsyncDisposable
{
    public const string Absent = "S3 is absent: s3rver is not installed (npm ci in tests/peers/s3rver)";

    private const string Bucket = "hypersend";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string Peer = Path.Combine(Repository.Root, "tests", "peers", "s3rver");

    private readonly ScratchFolder _folder = new();
    private readonly int _port = Ports.Next();
    private readonly ChildProcess _process;

    private S3Process() => _process = new ChildProcess(
        "node",
        ["--openssl-legacy-provider", Path.Combine(Peer, "server.mjs"), _port.ToString(CultureInfo.InvariantCulture), _folder.File("s3"), Bucket],
        Peer);

    public static bool IsInstalled => Directory.Exists(Path.Combine(Peer, "node_modules"));

    /// <summary>As a setting.</summary>
    public string Setting => string.Create(CultureInfo.InvariantCulture, $"s3://S3RVER:S3RVER@127.0.0.1:{_port}/{Bucket}?tls=off");

    public static async Task<S3Process> StartAsync()
    {
        var s3 = new S3Process();
        await s3.StartAgainAsync();
        return s3;
    }

    public Task KillAsync() => _process.KillAsync();

    public Task StartAgainAsync()
    {
        _process.Start();
        return _process.ReadyAsync(cancellation => ChildProcess.ListensAsync(_port, cancellation), Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }
}
