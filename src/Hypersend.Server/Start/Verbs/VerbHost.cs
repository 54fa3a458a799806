using Hypersend.Server.Engines.Sql;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Start.Verbs;

/// <summary>The server's services, on the settings and engines it would run with, and nobody served.</summary>
internal static class VerbHost
{
    /// <summary>With DATA_ROOT held and the schema this program's: no server may run in the same folder.</summary>
    public static async Task<WebApplication> AloneAsync(VerbCall call)
    {
        var app = HypersendHost.Build(Quietly(call.Settings));
        try
        {
            await Preparation.RunAsync(app);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>With DATA_ROOT held and nothing prepared: the database may be empty, or not whole.</summary>
    public static WebApplication Holding(VerbCall call)
    {
        var app = HypersendHost.Build(Quietly(call.Settings));

        // Asked for, so that it is let go of with the others.
        app.Services.GetRequiredService<DataRoot>();
        return app;
    }

    /// <summary>Beside a server that runs, or none: nothing is held, made or migrated by itself.</summary>
    public static WebApplication Beside(VerbCall call) => HypersendHost.Build(Quietly(call.Settings), alone: false);

    /// <summary>The same, on a database that is there.</summary>
    public static async Task<WebApplication> BesideSomethingAsync(VerbCall call)
    {
        var app = Beside(call);
        if (app.Services.GetRequiredService<DatabaseUrl>().SqlitePath is not { } path || File.Exists(path))
            return app;

        // A wrong folder must not become a second, empty server.
        await app.DisposeAsync();
        throw new PreparationException($"There is no database at {path}. Look at DATA_ROOT and DATABASE_URL; hypersend-server migrate makes a new one.", null);
    }

    /// <summary>The same, and it has this program's schema.</summary>
    public static async Task<WebApplication> BesideDatabaseAsync(VerbCall call, CancellationToken cancellation)
    {
        var app = await BesideSomethingAsync(call);
        try
        {
            if (await app.Services.GetRequiredService<SqlDatabase>().PendingAsync(Migration.Embedded(), cancellation) is { Count: > 0 } pending)
                throw new PreparationException($"The database lacks {pending.Count} steps of this version. Run hypersend-server migrate first.", null);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    // What a verb has to say it says itself; the log is for what goes wrong, and stays out of what it prints.
    private static string[] Quietly(string[] settings) => ["--LOG_LEVEL=warning", "--Logging:Console:LogToStandardErrorThreshold=Trace", .. settings];
}
