using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Settings;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Hypersend.Server.Platform.Telemetry;

/// <summary>Logs, metrics as Prometheus text, and OTLP to a collector when one is named.</summary>
internal static class TelemetrySetup
{
    private static readonly string[] Meters = ["Hypersend", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    public static void AddLogs(this ILoggingBuilder logging, SettingsReader settings, bool development)
    {
        var level = settings.Choice("LOG_LEVEL", "information", "trace", "debug", "information", "warning", "error", "info", "warn");
        var format = settings.Choice("LOG_FORMAT", "auto", "auto", "text", "json");
        logging.ClearProviders();
        logging.SetMinimumLevel(LevelOf(level));

        // The framework's own request lines hold whole addresses, with the tokens in their queries.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions", LogLevel.Warning);

        // It warns that addresses come from us and not from a setting: that is what HTTPS=self is.
        if (settings.Text("HTTPS") == "self")
            logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);

        // What it would say of a failed start, the last line of the process says in a sentence.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        var text = format == "text" || (format == "auto" && (development || !Console.IsOutputRedirected));
        if (text)
            logging.AddSimpleConsole(options => (options.SingleLine, options.TimestampFormat, options.UseUtcTimestamp) = (true, "HH:mm:ss ", false));
        else
            logging.AddJsonConsole(options => (options.TimestampFormat, options.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true));
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        logging.Services.AddSingleton<LogRing>();
        logging.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogRing>());
    }

    public static void AddTelemetry(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<Insiders>();
        services.AddSingleton(_ => new PrometheusText(Meters));
        if (options.OtlpEndpoint is not { } endpoint)
            return;
        services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder().AddMeter("Hypersend.*", Meters[1], Meters[2], Meters[3])
            .AddOtlpExporter(otlp => (otlp.Endpoint, otlp.Protocol) = (new Uri(endpoint, "v1/metrics"), OtlpExportProtocol.HttpProtobuf)).Build());
        services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder().AddSource("Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter(otlp => (otlp.Endpoint, otlp.Protocol) = (new Uri(endpoint, "v1/traces"), OtlpExportProtocol.HttpProtobuf)).Build());
        services.AddHostedService<OtlpStart>();
    }

    public static void MapMetrics(this WebApplication app)
    {
        // Made now, so that it counts from the first request on and not from the first scrape.
        var text = app.Services.GetRequiredService<PrometheusText>();
        app.MapGet("/metrics", async (HttpContext context, Insiders insiders, HealthState health) =>
            {
                if (!insiders.Includes(context))
                    return new Problem(new Failure(ErrorCodes.NotFound));

                // Nobody else may have asked how the parts are since the last scrape.
                await health.AskAsync(context.RequestAborted);
                return Results.Text(text.Render(), "text/plain; version=0.0.4", System.Text.Encoding.UTF8);
            })
            .WithTags("Health").WithSummary("Metrics in Prometheus text").AllowAnonymous().LimitedBy(RateLimitTable.Open);
    }

    private static LogLevel LevelOf(string word) => word switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warning" or "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };

    // The exporters run from the moment they are made; somebody has to ask for them, and to end them with the host.
    private sealed class OtlpStart(MeterProvider meters, TracerProvider traces) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            meters.ForceFlush(2_000);
            traces.ForceFlush(2_000);
            return Task.CompletedTask;
        }
    }
}
