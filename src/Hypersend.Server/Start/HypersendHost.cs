using Hypersend.Server.Engines;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Backups;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Compat;
using Hypersend.Server.Features.Digests;
using Hypersend.Server.Features.Exports;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Tus;
using Hypersend.Server.Features.Imports;
using Hypersend.Server.Features.Links;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Previews;
using Hypersend.Server.Features.Push;
using Hypersend.Server.Features.Search;
using Hypersend.Server.Features.Transfers;
using Hypersend.Server.Features.Updates;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Mail;
using Hypersend.Server.Platform.OpenApi;
using Hypersend.Server.Platform.Outbound;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Platform.Telemetry;
using Hypersend.Server.Platform.Threads;
using Hypersend.Server.Platform.WebApp;
using Hypersend.Server.Realtime;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server;

/// <summary>Puts the server together: services, pipeline, routes. Program and the tests start the very same one.</summary>
internal static class HypersendHost
{
    /// <summary>Builds, prepares and starts: when the task completes the server answers. Throws when it cannot start, with a sentence that says why.</summary>
    public static async Task<WebApplication> StartAsync(string[] args, TimeProvider? clock = null, Action<IServiceCollection>? adjust = null)
    {
        var app = Build(args, clock, adjust);
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

    /// <summary>
    /// Throws <see cref="WrongSettingsException"/> when a setting is wrong. Tests adjust the services to put something that
    /// fails in the place of something that works. Unless it is alone, another process may hold DATA_ROOT: that one writes there.
    /// </summary>
    public static WebApplication Build(string[] args, TimeProvider? clock = null, Action<IServiceCollection>? adjust = null, bool alone = true)
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
        services.AddTelemetry(server);
        services.AddHealth();
        services.AddApiDocument();
        services.AddWebApp();
        services.AddSingleton<RightOfWay>();
        services.AddSingleton(MailOptions.From(settings));
        services.AddSingleton<Outbox>();
        services.AddHostedService(provider => provider.GetRequiredService<Outbox>());
        services.AddEngines(settings, server);
        services.AddAccounts(settings);
        services.AddUsers();
        services.AddPresence();
        services.AddAdmin(settings);
        services.AddChats();
        services.AddMessages();
        services.AddFiles(settings);
        services.AddLinks();
        services.AddSearch(settings);
        services.AddTransfers(settings);
        services.AddRealtime();
        services.AddOutbound(settings);
        services.AddPush(settings, server);
        services.AddDigests();
        services.AddPreviews(settings, server);
        services.AddCompat();
        services.AddBackups(settings, server);
        services.AddExports();
        services.AddImports();
        services.AddSingleton<Start.Greeting>();
        Start.Settings.Finish(settings);

        // Claimed before anything is written, so that no key or certificate lands in a folder that another server uses.
        if (alone)
        {
            var dataRoot = DataRoot.Claim(server.DataRoot);
            services.AddSingleton(_ => dataRoot);
            listening.Apply(builder, server, time);
        }

        adjust?.Invoke(services);
        var app = builder.Build();

        // Routes take hold of what they serve with, keys and database among it; beside another process nothing is served.
        if (alone)
        {
            UsePipeline(app, server);
            MapRoutes(app);
        }

        return app;
    }

    private static void UsePipeline(WebApplication app, ServerOptions server)
    {
        app.UseHttp(server);
        app.UseProblems();
        app.UseSocketsOverHttp2();
        app.UseTusMethods();
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
        app.MapCheck();
        app.MapMetrics();
        app.MapApiDocument();
        var api = app.MapGroup("/api/v1");
        api.MapServerCard();
        api.MapAccounts();
        api.MapUsers();
        api.MapAdmin();
        api.MapChats();
        api.MapMessages();
        api.MapFiles();
        app.MapLinks(api);
        api.MapPreviews();
        api.MapPush();
        api.MapDigests();
        api.MapSearch();
        api.MapTransfers(app.Services);
        api.MapUpdates();
        app.MapRealtime(api);
        app.MapCompatAccounts();
        app.MapCompatRooms();
        app.MapCompatMessages();
        app.MapCompatFiles();
        app.MapWebApp();
    }
}
