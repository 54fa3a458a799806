using System.Globalization;
using System.Security.Cryptography;
using Hypersend.EngineSpecs.Blobs;
using Hypersend.EngineSpecs.Bus;
using Hypersend.FaultTests.Processes;
using Hypersend.Server.Engines.Redis;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Hypersend.ServerTests.Start;

/// <summary>hypersend-server check: each part broken once, and the sentence and exit code that follow.</summary>
[OneNode("a verb beside one server")]
public sealed class CheckTests(App app) : IClassFixture<App>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beside_a_server_that_is_well_everything_is_ok_for_people_too()
    {
        var run = await VerbRun.BesideAsync(app, "check", "--PUBLIC_URL=" + app.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(0, run.Code);
        Assert.Contains("ok       database.schema", run.Out, StringComparison.Ordinal);
        Assert.Contains("ok       public              http://127.0.0.1:", run.Out, StringComparison.Ordinal);
        Assert.Matches("\n0 wrong, [0-9]+ warnings?, [0-9]+ ok\n$", run.Out);
    }

    [Fact]
    public async Task A_wrong_setting_is_found_before_all_else()
    {
        var run = await VerbRun.RunAsync("", "check", "--json", "--CHUNK_SIZE=7");
        Assert.Equal(1, run.Code);
        Assert.Contains("CHUNK_SIZE=7", IsWrong(run, "settings").Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_has_not_begun_gets_warnings_and_none_of_its_files()
    {
        using var folder = new ScratchFolder();
        var root = Path.Combine(folder.Path, "data");
        var run = await VerbRun.RunAsync("", "check", "--json", "--DATA_ROOT=" + root);
        Assert.Equal(0, run.Code);
        Assert.Equal("warning", Assert.Single(run.Findings()["disk.data"]).Verdict);
        Assert.Equal("warning", Assert.Single(run.Findings()["public"]).Verdict);
        Assert.False(Directory.Exists(root));
        Assert.Equal(1, (await VerbRun.RunAsync("", "check", "--strict", "--DATA_ROOT=" + root)).Code);
    }

    [Fact]
    public async Task Keys_that_others_can_read_and_a_server_that_is_not_there_are_wrong()
    {
        using var folder = new ScratchFolder();
        var key = Path.Combine(folder.Path, "secret.key");
        await File.WriteAllTextAsync(key, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var closed = Ports.Next();
        var run = await VerbRun.RunAsync("", "check", "--json", "--DATA_ROOT=" + folder.Path, string.Create(CultureInfo.InvariantCulture, $"--PUBLIC_URL=http://127.0.0.1:{closed}"));
        Assert.Equal(1, run.Code);
        Assert.Equal("chmod 600 " + key, IsWrong(run, "secrets.key").Fix);
        Assert.Contains("does not answer", IsWrong(run, "public").Seen, StringComparison.Ordinal);

        await File.WriteAllTextAsync(key, "too short", Cancellation);
        Assert.Contains("too short", IsWrong(await VerbRun.RunAsync("", "check", "--json", "--DATA_ROOT=" + folder.Path), "secrets").Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_below_its_floor_is_full()
    {
        var run = await VerbRun.BesideAsync(app, "check", "--json", "--FREE_SPACE_FLOOR=9000000000000000000");
        Assert.Equal(1, run.Code);
        Assert.Contains("no file is taken any more", IsWrong(run, "disk.room").Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_would_lose_what_it_has_acknowledged_is_wrong()
    {
        using var folder = new ScratchFolder();
        await using var database = new TestDatabase();
        string[] settings = ["--DATA_ROOT=" + folder.Path, .. await database.SettingsAsync(folder.Path)];
        var url = settings.Single(setting => setting.StartsWith("--DATABASE_URL=", StringComparison.Ordinal))["--DATABASE_URL=".Length..];
        await BreakAsync(url);
        var run = await VerbRun.RunAsync("", ["check", "--json", .. settings]);
        Assert.Equal(1, run.Code);
        Assert.Contains(TestDatabase.IsPostgres ? "synchronous_commit off" : "journal mode delete", IsWrong(run, TestDatabase.IsPostgres ? "database.durability" : "database.mode").Seen, StringComparison.Ordinal);
        Assert.Equal("warning", Assert.Single(run.Findings()["database.schema"]).Verdict);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_said_with_what_to_look_at()
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"postgres://somebody:secret@127.0.0.1:{Ports.Next()}/nothing");
        var run = await VerbRun.RunAsync("", ["check", "--json", .. app.Settings, "--DATABASE_URL=" + url]);
        Assert.Equal(1, run.Code);
        Assert.Contains("pg_hba.conf", IsWrong(run, "database").Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Out.Replace("secrets", "", StringComparison.Ordinal).Replace("SECRET", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_is_well_or_full_one_day_or_away()
    {
        await using var redis = await RedisProcess.StartAsync();
        var run = await VerbRun.BesideAsync(app, "check", "--json", "--REDIS_URL=" + redis.Setting);
        var names = new[] { "redis.version", "redis.memory", "redis.notice" };
        Assert.All(names, name => Assert.NotEqual("wrong", Assert.Single(run.Findings()[name]).Verdict));

        await using (var line = await RedisLine.OpenAsync(RedisUrl.Parse(redis.Setting)!, _ => { }, Cancellation))
            await line.CallAsync(RedisCommand.Of("CONFIG", "SET", "maxmemory", "100mb"), Cancellation);
        run = await VerbRun.BesideAsync(app, "check", "--json", "--REDIS_URL=" + redis.Setting);
        var memory = Assert.Single(run.Findings()["redis.memory"]);
        Assert.Equal(("warning", "at most 100 MiB, maxmemory-policy noeviction"), (memory.Verdict, memory.Seen));

        await redis.KillAsync();
        run = await VerbRun.BesideAsync(app, "check", "--json", "--REDIS_URL=" + redis.Setting);
        Assert.Equal(1, run.Code);
        Assert.Contains("REDIS_URL", IsWrong(run, "redis").Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_is_used_and_left_empty_and_a_wrong_key_is_wrong()
    {
        var url = await S3Server.CreateBucketAsync();
        var run = await VerbRun.BesideAsync(app, "check", "--json", "--STORAGE_URL=" + S3Server.Setting(url));
        var names = new[] { "s3.bucket", "s3.put", "s3.range", "s3.clock", "s3.delete" };
        Assert.All(names, name => Assert.Equal((name, "ok"), (name, Assert.Single(run.Findings()[name]).Verdict)));
        run = await VerbRun.BesideAsync(app, "check", "--json", "--STORAGE_URL=" + S3Server.Setting(url with { Bucket = url.Bucket + "-not-there" }));
        Assert.Equal(1, run.Code);
        Assert.Contains("STORAGE_URL", IsWrong(run, "s3").Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_lets_us_in_or_says_why_not_and_gets_a_letter_only_when_asked()
    {
        await using var smtp = new FussySmtp();
        var run = await VerbRun.BesideAsync(app, "check", "--json", "--SMTP_URL=" + smtp.Url);
        Assert.Equal("ok", Assert.Single(run.Findings()["mail.server"]).Verdict);
        Assert.Equal(0, smtp.Tries);
        run = await VerbRun.BesideAsync(app, "check", "--json", "--mail-to", "root@example.org", "--SMTP_URL=" + smtp.Url);
        Assert.Equal("ok", Assert.Single(run.Findings()["mail.letter"]).Verdict);
        Assert.Equal("root@example.org", Assert.Single(smtp.Taken).To);

        var named = smtp.Url.Replace("smtp://", "smtp://me:mine@", StringComparison.Ordinal);
        Assert.Contains("refuses user or password", IsWrong(await VerbRun.BesideAsync(app, "check", "--json", "--SMTP_URL=" + named), "mail.login").Seen, StringComparison.Ordinal);
        var secure = smtp.Url.Replace("tls=off", "tls=starttls", StringComparison.Ordinal);
        Assert.Equal("offers no STARTTLS", IsWrong(await VerbRun.BesideAsync(app, "check", "--json", "--SMTP_URL=" + secure), "mail.tls").Seen);
        var away = string.Create(CultureInfo.InvariantCulture, $"smtp://127.0.0.1:{Ports.Next()}?tls=off");
        Assert.Contains("SMTP_URL", IsWrong(await VerbRun.BesideAsync(app, "check", "--json", "--SMTP_URL=" + away), "mail").Fix, StringComparison.Ordinal);
        Assert.Contains("Nobody can confirm", IsWrong(await VerbRun.BesideAsync(app, "check", "--json", "--CONFIRM_MAIL=on"), "mail").Fix, StringComparison.Ordinal);
    }

    private static (string Verdict, string Seen, string? Fix) IsWrong(VerbRun run, string name)
    {
        Assert.Equal(1, run.Code);
        var finding = Assert.Single(run.Findings()[name]);
        Assert.Equal("wrong", finding.Verdict);
        return finding;
    }

    private static async Task BreakAsync(string url)
    {
        if (!TestDatabase.IsPostgres)
        {
            await using var file = new SqliteConnection($"Data Source={url["sqlite:".Length..]};Pooling=False");
            await file.OpenAsync(Cancellation);
            await using var make = file.CreateCommand();
            make.CommandText = "CREATE TABLE something (id INTEGER)";
            await make.ExecuteNonQueryAsync(Cancellation);
            return;
        }

        await using var connection = new NpgsqlConnection(Server.Engines.Sql.Postgres.PostgresUrl.ToConnectionString(url));
        await connection.OpenAsync(Cancellation);
        await using var change = new NpgsqlCommand($"ALTER DATABASE {connection.Database} SET synchronous_commit = off", connection);
        await change.ExecuteNonQueryAsync(Cancellation);
    }
}
