using Hypersend.Server.Engines;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Compat;
using Hypersend.Server.Features.Updates;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Mail;
using Hypersend.Server.Platform.OpenApi;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Platform.Telemetry;
using Hypersend.Server.Platform.WebApp;

namespace Hypersend.Server;

/// <summary>Puts the server together: services, pipeline, routes. Program and the tests start the very same one.</summary>
internal static class HypersendHost
{
    /// <summary>Builds, prepares and starts: when the task completes the server answers. Throws when it cannot start, with a sentence that says why.</summary>
    public static async Task<WebApplication> StartAsync(string[] args, TimeProvider? clock = null)
    {
        var app = Build(args, clock);
        try
        {
            await Start.Preparation.RunAsync(app);
            await Start.Listening.StartAsync(app);
            app.Services.GetRequiredService<Start.Greeting>().Say();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Throws <see cref="WrongSettingsException"/> when a setting is wrong.</summary>
    public static WebApplication Build(string[] args, TimeProvider? clock = null)
    {
        var (builder, settings) = Start.Settings.Read(args);
        var time = clock ?? TimeProvider.System;
        var listening = Start.Listening.From(settings);
        var server = ServerOptions.From(settings, listening.FirstUrl);

        builder.Logging.AddLogs(settings, builder.Environment.IsDevelopment());
        var services = builder.Services;
        services.AddSingleton(time);
        services.AddSingleton(server);
        services.AddSingleton(listening);
        services.AddSingleton(DrainOptions.From(settings));
        services.AddValidation();
        services.AddProblems();
        services.AddHttp(server);
        services.AddSecrets(settings, server);
        services.AddAuth(settings);
        services.AddRateLimits();
        services.AddTelemetry(server);
        services.AddHealth();
        services.AddApiDocument();
        services.AddWebApp();
        services.AddSingleton<Outbox>();
        services.AddHostedService(provider => provider.GetRequiredService<Outbox>());
        services.AddEngines(settings, server);
        services.AddAccounts(settings);
        services.AddUsers();
        services.AddAdmin(settings);
        services.AddCompat();
        services.AddSingleton<Start.Greeting>();
        Start.Settings.Finish(settings);

        // Claimed before anything is written, so that no key or certificate lands in a folder that another server uses.
        var dataRoot = DataRoot.Claim(server.DataRoot);
        services.AddSingleton(_ => dataRoot);
        listening.Apply(builder, server, time);
        var app = builder.Build();
        UsePipeline(app, server);
        MapRoutes(app);
        return app;
    }

    private static void UsePipeline(WebApplication app, ServerOptions server)
    {
        app.UseHttp(server);
        app.UseProblems();
        app.UseRouting();
        app.UseBodyLimits();
        app.UseBodyCharset();
        app.UseCors();
        app.UseAuthentication();
        app.UseRateLimits();
        app.UseAuthorization();
    }

    private static void MapRoutes(WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
        app.MapApiDocument();
        var api = app.MapGroup("/api/v1");
        api.MapServerCard();
        api.MapAccounts();
        api.MapUsers();
        api.MapAdmin();
        api.MapUpdates();
        app.MapCompatAccounts();
        app.MapWebApp();
    }
}
