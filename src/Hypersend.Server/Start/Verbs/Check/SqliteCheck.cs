using System.Runtime.CompilerServices;
using Hypersend.Server.Engines.Sql;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Engines.Sql.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>The file of SQLite: there, whole at first sight, in WAL mode, on a file system that keeps its locks.</summary>
internal sealed class SqliteCheck : ICheck
{
    private static readonly string[] OfTheNetwork = ["nfs", "cifs", "smb", "fuse", "9p", "afs", "ceph", "gluster"];

    public string Name => "database";

    public string Fix => "If the file is broken, stop the server and restore a backup; a copy of what is left helps to find out why.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (site.Get<DatabaseUrl>().SqlitePath is not { } path)
            yield break;
        if (!File.Exists(path))
        {
            yield return Finding.Warning("database.file", $"{path} is not there", "It is made at the first start. If this server has run before, look at DATA_ROOT and DATABASE_URL.");
            yield break;
        }

        var library = SqliteLibrary.Load();
        SqlTypes.Register();
        yield return JudgeFolder(path, new DriveInfo(path).DriveFormat);
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 2,
        }.ToString());
        await connection.OpenAsync(cancellation);
        var session = new SqlSession(connection, null, new SqliteDialect(), cancellation);
        yield return Finding.Ok("database.file", $"{path}, {Words.Bytes(new FileInfo(path).Length)}, {library}");
        var mode = await session.ScalarAsync<string>("PRAGMA journal_mode");
        yield return Finding.Judge(mode == "wal", "database.mode", $"journal mode {mode}", "Start the server once: it sets WAL. If it does not stay, something else opens the file.");
        var schema = await SchemaFindings.SchemaAsync(session);
        yield return schema;
        await foreach (var finding in EncryptionFindings.LookAsync(site, session, schema))
            yield return finding;
    }

    public static Finding JudgeFolder(string path, string format) =>
        OfTheNetwork.Any(name => format.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            ? Finding.Wrong("database.disk", $"{path} is on {format}, a file system of the network", "SQLite's locks do not hold there and the database will break. Move it to a local disk, or use PostgreSQL.")
            : Finding.Ok("database.disk", $"on a local file system ({format})");
}
