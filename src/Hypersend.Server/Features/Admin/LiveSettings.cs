using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Admin;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Admin;

/// <summary>What an admin may change while the server runs, over what the settings of the process say. Read again every two seconds, so that what another node was told bites here in time.</summary>
internal sealed partial class LiveSettings(IAdminStore store, ServerOptions server, AdminOptions options, TimeProvider clock, ILogger<LiveSettings> log)
    : BackgroundLoop(log)
{
    private const string Fact = "settings";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private ServerSettings _changed = new();

    public string Registration => _changed.Registration ?? options.Registration;

    public long DefaultQuotaBytes => _changed.DefaultQuotaBytes ?? options.DefaultQuotaBytes;

    public string BrandName => _changed.BrandName ?? server.BrandName;

    public string BrandColor => _changed.BrandColor ?? server.BrandColor;

    /// <summary>Somebody runs this server.</summary>
    public bool HasAdmin { get; private set; }

    public void AdminArrived() => HasAdmin = true;

    public ServerSettings All() => new()
    {
        Registration = Registration,
        DefaultQuotaBytes = DefaultQuotaBytes,
        BrandName = BrandName,
        BrandColor = BrandColor,
    };

    public async Task<ServerSettings> ChangeAsync(ServerSettings change, CancellationToken cancellation)
    {
        _changed = Parse(await store.ChangeFactAsync(
            Fact,
            stored =>
            {
                var before = Parse(stored);
                var after = new ServerSettings
                {
                    Registration = change.Registration ?? before.Registration,
                    DefaultQuotaBytes = change.DefaultQuotaBytes ?? before.DefaultQuotaBytes,
                    BrandName = change.BrandName ?? before.BrandName,
                    BrandColor = change.BrandColor ?? before.BrandColor,
                };
                return JsonSerializer.Serialize(after, HypersendJson.Wire.ServerSettings);
            },
            cancellation));
        return All();
    }

    /// <summary>Called once before the first request, then by the timer.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        _changed = Parse(await store.ReadFactAsync(Fact, cancellation));
        HasAdmin = await store.AnyAdminAsync(cancellation);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
            await TryReadAsync(stopping);
    }

    private async Task TryReadAsync(CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            ReadFailed(log, exception);
        }
    }

    private static ServerSettings Parse(string? json) =>
        string.IsNullOrEmpty(json) ? new ServerSettings() : JsonSerializer.Deserialize(json, HypersendJson.Wire.ServerSettings) ?? new ServerSettings();

    [LoggerMessage(200, LogLevel.Warning, "The server's settings could not be read; the last ones stay in force")]
    private static partial void ReadFailed(ILogger log, Exception exception);
}
