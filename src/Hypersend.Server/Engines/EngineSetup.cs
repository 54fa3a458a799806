using Hypersend.Server.Engines.Blobs.S3;
using Hypersend.Server.Engines.Blobs.Sealed;
using Hypersend.Server.Engines.Bus.InProcess;
using Hypersend.Server.Engines.Bus.Redis;
using Hypersend.Server.Engines.Mail;
using Hypersend.Server.Engines.Redis;
using Hypersend.Server.Engines.Search.Postgres;
using Hypersend.Server.Engines.Search.Sqlite;
using Hypersend.Server.Engines.Sql;
using Hypersend.Server.Engines.Sql.Postgres;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Engines.Sql.Sqlite;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Backups;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Digests;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Packing;
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
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Mail;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Platform.Turns;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines;

/// <summary>The one switch: which engine stands behind each port.</summary>
internal static class EngineSetup
{
    public static void AddEngines(this IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        var database = AddDatabase(services, settings, server);
        var storage = AddStorage(services, settings, server);
        var bus = AddBus(services, settings);
        var mail = AddMail(services, settings, server);
        services.AddSingleton(new EngineNames(database, storage, bus, mail));

        services.AddSingleton<IAccountStore, SqlAccountStore>();
        services.AddSingleton<ILoginAttempts, SqlLoginAttempts>();
        services.AddSingleton<ISessionStore, SqlSessionStore>();
        services.AddSingleton<ISessionLedger>(provider => provider.GetRequiredService<ISessionStore>());
        services.AddSingleton<IUserStore, SqlUserStore>();
        services.AddSingleton<IPresenceStore, SqlPresenceStore>();
        services.AddSingleton<IAdminStore, SqlAdminStore>();
        services.AddSingleton<IReleaseStore, SqlReleaseStore>();
        services.AddSingleton<SqlChatStore>();
        services.AddSingleton<IChatStore>(provider => provider.GetRequiredService<SqlChatStore>());
        services.AddSingleton<IMemberStore>(provider => provider.GetRequiredService<SqlChatStore>());
        services.AddSingleton<IChatViews>(provider => provider.GetRequiredService<SqlChatStore>());
        services.AddSingleton<IMessageStore, SqlMessageStore>();
        services.AddSingleton<IScheduledStore, SqlScheduledStore>();
        services.AddSingleton<IMarkStore, SqlMarkStore>();
        services.AddSingleton<SqlUploadStore>();
        services.AddSingleton<IUploadStore>(provider => provider.GetRequiredService<SqlUploadStore>());
        services.AddSingleton<ITusStore>(provider => provider.GetRequiredService<SqlUploadStore>());
        services.AddSingleton<IFileStore, SqlFileStore>();
        services.AddSingleton<IPackStore, SqlPackStore>();
        services.AddSingleton<IBackupLease, SqlBackupLease>();
        services.AddSingleton<IBackupTables, SqlBackupTables>();
        services.AddSingleton<IRestoreTables, SqlRestoreTables>();
        services.AddSingleton<IImportStore, SqlImportStore>();

        if (database == "postgresql")
            services.AddSingleton<ITurnLedger, SqlTurnLedger>();
        else
            services.AddSingleton<ITurnLedger, LonelyLedger>();
        services.AddSingleton<TakeTurns>();

        // An object of its own for every attempt, or one server alone: there is nothing that two could write at once.
        if (database == "postgresql" && storage == "folder")
            services.AddSingleton<IChunkLeases, SqlChunkLeases>();
        else
            services.AddSingleton<IChunkLeases, NoChunkLeases>();
        services.AddSingleton<IRetentionStore, SqlRetentionStore>();
        services.AddSingleton<ISweepStore, SqlSweepStore>();
        services.AddSingleton<ILinkStore, SqlLinkStore>();
        services.AddSingleton<ITransferStore, SqlTransferStore>();
        services.AddSingleton<ISyncStore, SqlSyncStore>();
        services.AddSingleton<IPushStore, SqlPushStore>();
        services.AddSingleton<IDigestStore, SqlDigestStore>();
        services.AddSingleton<ISearchSource, SqlSearchSource>();
        services.AddSingleton<IPreviewStore, SqlPreviewStore>();
        services.AddSeals();
        services.AddSingleton<IHealthProbe, DatabaseProbe>();
    }

    private static string AddDatabase(IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        if (DatabaseUrl.From(settings, server) is not { } url)
            return "";
        services.AddSingleton(url);
        if (url.SqlitePath is { } path)
        {
            services.AddSingleton<SqlDatabase>(provider => new SqliteDatabase(path, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<ISearchIndex>(provider => new SqliteSearchIndex(
                Path.Combine(server.DataRoot, "search.db"), provider.GetRequiredService<TimeProvider>()));
            return "sqlite";
        }

        if (settings.Text("SECRET_KEY") is null)
            settings.Refuse("SECRET_KEY is not set: with PostgreSQL every node needs the same one, at least 32 characters (for example SECRET_KEY=$(openssl rand -base64 48)).");
        services.AddSingleton<SqlDatabase>(provider => new PostgresDatabase(url.PostgresConnection!, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISearchIndex, PostgresSearchIndex>();
        services.AddSingleton(provider => ThisNode.Of(server.DataRoot, provider.GetRequiredService<TimeProvider>()));
        return "postgresql";
    }

    private static string AddStorage(IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        var url = settings.Text("STORAGE_URL", "file:" + Path.Combine(server.DataRoot, "blobs"));
        if (url.StartsWith("file:", StringComparison.OrdinalIgnoreCase) && url.Length > "file:".Length)
        {
            var folder = Path.GetFullPath(url["file:".Length..]);
            services.AddFolder(folder);
            services.AddSingleton<IHealthProbe>(new FolderProbe(folder));
            return "folder";
        }

        if (S3Url.Parse(url) is { } s3)
        {
            services.AddBucket(s3);
            services.AddSingleton<IHealthProbe, S3Probe>();
            return "s3";
        }

        settings.Refuse("STORAGE_URL", url, "file:<folder> or " + S3Url.Shape, "file:data/blobs");
        return "";
    }

    private static string AddBus(IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton<InProcessBus>();
        services.AddSingleton<SlidingWindow>();
        if (settings.Text("REDIS_URL") is not { } url)
        {
            services.AddSingleton<IBus>(provider => provider.GetRequiredService<InProcessBus>());
            services.AddSingleton<IRateWindow>(provider => provider.GetRequiredService<SlidingWindow>());
            services.AddSingleton<IHealthProbe, BusProbe>();
            return "in-process";
        }

        if (RedisUrl.Parse(url) is { } redis)
        {
            services.AddSingleton(provider => new RedisClient(redis, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisClient>>()));
            services.AddSingleton<RedisBus>();
            services.AddSingleton<IBus>(provider => provider.GetRequiredService<RedisBus>());
            services.AddSingleton<IRateWindow, RedisRateWindow>();
            services.AddSingleton<IHealthProbe, RedisProbe>();
            services.AddHostedService(provider => provider.GetRequiredService<RedisClient>());
            services.AddHostedService(provider => provider.GetRequiredService<RedisBus>());
        }
        else
        {
            settings.Refuse("REDIS_URL", url, RedisUrl.Shape, RedisUrl.Example);
        }

        return "redis";
    }

    private static string AddMail(IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        var from = settings.Text("MAIL_FROM", $"hypersend@{server.PublicUrl.Host}");
        if (settings.Text("SMTP_URL") is not { } url)
        {
            services.AddSingleton<IMailer>(provider => new FileMailer(
                Path.Combine(server.DataRoot, "mail"), from, provider.GetRequiredService<TimeProvider>()));
            return "files";
        }

        if (SmtpUrl.Parse(url) is { } smtp)
            services.AddSingleton<IMailer>(new SmtpMailer(smtp, from));
        else
            settings.Refuse("SMTP_URL", url, SmtpUrl.Shape, SmtpUrl.Example);
        return "smtp";
    }
}
