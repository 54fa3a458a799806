using System.Globalization;
using System.Runtime.CompilerServices;
using Hypersend.Server.Engines.Sql;
using Hypersend.Server.Engines.Sql.Postgres;
using Hypersend.Server.Engines.Sql.Shared;
using Npgsql;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>PostgreSQL: reached, new enough, and set so that what was committed is on disk.</summary>
internal sealed class PostgresCheck : ICheck
{
    private const int OldestVersion = 15;
    private const int Asks = 5;

    private static readonly TimeSpan SlowAnswer = TimeSpan.FromMilliseconds(10);

    public string Name => "database";

    public string Fix => "Look at DATABASE_URL (host, port, user, password, name), at pg_hba.conf, and whether PostgreSQL runs.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (site.Get<DatabaseUrl>().PostgresConnection is not { } text)
            yield break;
        SqlTypes.Register();
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(text) { Pooling = false }.ToString());
        await connection.OpenAsync(cancellation);
        var session = new SqlSession(connection, null, new PostgresDialect(), cancellation);
        yield return await AnswerAsync(session, connection, site.Clock);
        yield return JudgeVersion(connection.PostgreSqlVersion.Major);
        yield return JudgeDurability(
            await ShowAsync(session, "synchronous_commit"), await ShowAsync(session, "fsync"), await ShowAsync(session, "full_page_writes"));
        var encoding = await ShowAsync(session, "server_encoding");
        yield return Finding.Judge(encoding == "UTF8", "database.encoding", encoding, "Make the database anew: CREATE DATABASE hypersend ENCODING 'UTF8' TEMPLATE template0, and restore into it.");
        var most = int.Parse(await ShowAsync(session, "max_connections"), CultureInfo.InvariantCulture);
        yield return JudgeConnections(new NpgsqlConnectionStringBuilder(text).MaxPoolSize, most);
        var asked = site.Clock.GetUtcNow();
        var theirs = await session.ScalarAsync<long>("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
        yield return SchemaFindings.Clock(
            "database.clock", "the database's clock", SchemaFindings.Ahead(DateTimeOffset.FromUnixTimeMilliseconds(theirs), asked, site.Clock.GetUtcNow()));
        var schema = await SchemaFindings.SchemaAsync(session);
        yield return schema;
        await foreach (var finding in EncryptionFindings.LookAsync(site, session, schema))
            yield return finding;
    }

    public static Finding JudgeVersion(int major) => Finding.Judge(
        major >= OldestVersion, "database.version", string.Create(CultureInfo.InvariantCulture, $"PostgreSQL {major}"),
        string.Create(CultureInfo.InvariantCulture, $"Upgrade it to {OldestVersion} or newer (pg_upgrade)."));

    public static Finding JudgeDurability(string synchronousCommit, string fsync, string fullPages)
    {
        var seen = $"synchronous_commit {synchronousCommit}, fsync {fsync}, full_page_writes {fullPages}";
        if (synchronousCommit == "off" || fsync == "off")
            return Finding.Wrong("database.durability", seen, "What was acknowledged could be lost. ALTER SYSTEM SET synchronous_commit = on; the same for fsync; SELECT pg_reload_conf().");
        return fullPages == "off"
            ? Finding.Warning("database.durability", seen, "A crash may leave half a page behind. Switch full_page_writes on unless the file system writes pages whole.")
            : Finding.Ok("database.durability", seen);
    }

    public static Finding JudgeConnections(int pool, int most)
    {
        var seen = string.Create(CultureInfo.InvariantCulture, $"this node takes up to {pool} of {most} connections");
        return pool + 10 <= most
            ? Finding.Ok("database.connections", seen)
            : Finding.Warning("database.connections", seen, "All nodes together need their pools and ten more. Raise max_connections, or set &pool= in DATABASE_URL lower.");
    }

    private static async Task<Finding> AnswerAsync(SqlSession session, NpgsqlConnection connection, TimeProvider clock)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Asks; i++)
        {
            var began = clock.GetTimestamp();
            await session.ScalarAsync<int>("SELECT 1");
            times.Add(clock.GetElapsedTime(began));
        }

        var middle = times.Order().ElementAt(Asks / 2);
        var seen = $"{connection.Host} answers after {Words.Milliseconds(middle)}";
        return middle < SlowAnswer
            ? Finding.Ok("database", seen)
            : Finding.Warning("database", seen, "Every request waits for a few of these. Put the database nearer to the nodes.");
    }

    private static async Task<string> ShowAsync(SqlSession session, string name) => await session.ScalarAsync<string>("SHOW " + name) ?? "";
}
