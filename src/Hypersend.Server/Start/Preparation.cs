using Hypersend.Server.Engines.Blobs.Sealed;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Push;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Start;

/// <summary>What must be true before the first request: the folder is ours, the schema is this program's, the epoch is set.</summary>
internal static partial class Preparation
{
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(WebApplication app)
    {
        var services = app.Services;
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Hypersend.Start");
        services.GetRequiredService<DataRoot>();
        services.GetRequiredService<KeyRing>();
        services.GetRequiredService<PepperRing>();
        services.GetRequiredService<VapidKey>();
        services.GetRequiredService<StorageKeys>();
        await MigrateAsync(services, log);
        if (await services.GetRequiredService<CheckKeys>().RefuseAsync(CancellationToken.None) is { } refusal)
            throw new PreparationException(refusal, null);

        // Made now where there is none, so that a backup of the first day has it.
        if (services.GetRequiredService<StorageKeys>() is { SealsNew: true } keys)
            _ = keys.CurrentId;
        var facts = services.GetRequiredService<IAdminStore>();
        if (await facts.ReadFactAsync(SqlRestoreTables.Mark, CancellationToken.None) is { } half)
        {
            throw new PreparationException(
                $"The database is not whole: the restore of the backup of {half} was interrupted. Begin it again: hypersend-server restore ...", null);
        }

        await CompareKeyAsync(services, facts, log);

        // A restored database gets a new epoch, so that clients start afresh instead of trusting their cursors.
        var epoch = Guid.CreateVersion7(services.GetRequiredService<TimeProvider>().GetUtcNow()).ToString("N");
        await facts.ReadOrWriteFactAsync("epoch", epoch, CancellationToken.None);
    }

    // Started together with its database, a server waits for it a little; started without one, it says so.
    private static async Task MigrateAsync(IServiceProvider services, ILogger log)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await services.GetRequiredService<SqlDatabase>().MigrateAsync(Migration.Embedded(), CancellationToken.None);
                return;
            }
            catch (EngineUnavailableException exception) when (clock.GetElapsedTime(started) < DatabasePatience)
            {
                Waiting(log, exception.InnerException?.Message ?? exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock);
            }
            catch (EngineUnavailableException exception)
            {
                throw new PreparationException("DATABASE_URL: " + (exception.InnerException?.Message ?? exception.Message), exception) { IsAway = true };
            }
            catch (InvalidOperationException exception)
            {
                throw new PreparationException("DATABASE_URL: " + (exception.InnerException?.Message ?? exception.Message), exception);
            }
        }
    }

    /// <summary>Says where a site's servers do not have the same key: each would take the others' people for strangers.</summary>
    private static async Task CompareKeyAsync(IServiceProvider services, IAdminStore facts, ILogger log)
    {
        var mine = services.GetRequiredService<KeyRing>().DeriveAll("site").Select(key => key.Id).ToList();
        string? last = null;
        await facts.ChangeFactAsync(
            "secret_key",
            before =>
            {
                last = before;
                return mine[0];
            },
            CancellationToken.None);
        if (last is not null && !mine.Contains(last, StringComparer.Ordinal))
            OtherKey(log);
    }

    [LoggerMessage(61, LogLevel.Warning, "SECRET_KEY is another one than the server had that last started on this database, and SECRET_KEY_PREVIOUS does not name that one: whoever signed in there is not known here. All nodes of a site have the same")]
    private static partial void OtherKey(ILogger log);

    [LoggerMessage(60, LogLevel.Warning, "The database does not answer yet ({Reason}); trying again")]
    private static partial void Waiting(ILogger log, string reason);
}

/// <summary>Something outside the settings keeps the server from starting.</summary>
internal sealed class PreparationException(string message, Exception? inner) : Exception(message, inner)
{
    /// <summary>A part of the site is away: nothing has to be changed here, and the next start may find it.</summary>
    public bool IsAway { get; init; }
}
