using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.Server.Engines.Mail;
using Hypersend.Server.Engines.Sql.Postgres;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Engines.Sql.Sqlite;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Updates;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Mail;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Engines;

/// <summary>The one switch: which engine stands behind each port.</summary>
internal static class EngineSetup
{
    private const string DatabaseShape = "sqlite:<path> or " + PostgresUrl.Shape;

    public static void AddEngines(this IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        var database = AddDatabase(services, settings, server);
        var storage = AddStorage(services, settings, server);
        var bus = AddBus(settings);
        var mail = AddMail(services, settings, server);
        services.AddSingleton(new EngineNames(database, storage, bus, mail));

        services.AddSingleton<IAccountStore, SqlAccountStore>();
        services.AddSingleton<ILoginAttempts, SqlLoginAttempts>();
        services.AddSingleton<ISessionStore, SqlSessionStore>();
        services.AddSingleton<ISessionLedger>(provider => provider.GetRequiredService<ISessionStore>());
        services.AddSingleton<IUserStore, SqlUserStore>();
        services.AddSingleton<IAdminStore, SqlAdminStore>();
        services.AddSingleton<IReleaseStore, SqlReleaseStore>();
        services.AddSingleton<IHealthProbe, DatabaseProbe>();
        services.AddSingleton<IHealthProbe, BusProbe>();
    }

    private static string AddDatabase(IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        var url = settings.Text("DATABASE_URL", "sqlite:" + Path.Combine(server.DataRoot, "hypersend.db"));
        if (url.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase) && url.Length > "sqlite:".Length)
        {
            var path = Path.GetFullPath(url["sqlite:".Length..]);
            services.AddSingleton<SqlDatabase>(provider => new SqliteDatabase(path, provider.GetRequiredService<TimeProvider>()));
            return "sqlite";
        }

        if (url.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) && PostgresUrl.ToConnectionString(url) is { } connection)
        {
            if (settings.Text("SECRET_KEY") is null)
                settings.Refuse("SECRET_KEY is not set: with PostgreSQL every node needs the same one, at least 32 characters (for example SECRET_KEY=$(openssl rand -base64 48)).");
            services.AddSingleton<SqlDatabase>(provider => new PostgresDatabase(connection, provider.GetRequiredService<TimeProvider>()));
            return "postgresql";
        }

        settings.Refuse("DATABASE_URL", url, DatabaseShape, "sqlite:data/hypersend.db");
        return "";
    }

    private static string AddStorage(IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        var url = settings.Text("STORAGE_URL", "file:" + Path.Combine(server.DataRoot, "blobs"));
        if (!url.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || url.Length == "file:".Length)
        {
            settings.Refuse("STORAGE_URL", url, "file:<folder>", "file:data/blobs");
            return "";
        }

        var folder = Path.GetFullPath(url["file:".Length..]);
        services.AddSingleton<IAvatarFiles>(new DiskAvatarFiles(folder));
        services.AddSingleton<IHealthProbe>(new FolderProbe(folder));
        return "folder";
    }

    private static string AddBus(SettingsReader settings)
    {
        if (settings.Text("REDIS_URL") is { } url)
            settings.Refuse("REDIS_URL", url, "left unset: this version runs on one node", "");
        return "in-process";
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
