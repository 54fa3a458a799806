using System.Text;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Backups;

/// <summary>A backup that is not whole says so, whatever happened to it; one that was killed leaves nothing that stands for a backup.</summary>
[OneNode("an operator works on the data of a server of its own")]
public sealed class DamageTests(App app) : IClassFixture<App>, IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whatever_is_missing_or_changed_in_a_folder_is_named()
    {
        await app.Admin.UploadAsync();
        var whole = _folder.File("whole");
        await app.MustAsync("backup", whole);
        var run = Path.GetFileName(Directory.GetDirectories(whole, "20*").Single());
        var file = Directory.GetFiles(Path.Combine(whole, "files"), "*", SearchOption.AllDirectories)[0];

        await AssertAsync(whole, "users-00001.jsonl.gz is missing", copy => File.Delete(Path.Combine(copy, run, "tables", "users-00001.jsonl.gz")));
        await AssertAsync(whole, Path.GetFileName(file) + " is missing", copy => File.Delete(Elsewhere(file, whole, copy)));
        await AssertAsync(whole, "users-00001.jsonl.gz is damaged", copy => Flip(Path.Combine(copy, run, "tables", "users-00001.jsonl.gz")));
        await AssertAsync(whole, Path.GetFileName(file) + " is damaged", copy => Flip(Elsewhere(file, whole, copy)));
        await AssertAsync(whole, "keys.json is damaged", copy => Flip(Path.Combine(copy, run, "keys.json")));
        await AssertAsync(whole, "There is no finished backup", copy => File.Delete(Path.Combine(copy, run, "manifest.json")));
        await AssertAsync(whole, "hypersend-backup.json is missing", copy => File.Delete(Path.Combine(copy, "hypersend-backup.json")));
        await AssertAsync(whole, "of format 2, and this program knows those up to 1", copy => File.WriteAllText(Path.Combine(copy, "hypersend-backup.json"), """{"format":2}"""));

        // Nor is it restored, though its rows are read before that is known.
        var half = _folder.File("half");
        var copied = CopyOf(whole);
        Flip(Elsewhere(file, whole, copied));
        string[] settings = [$"--DATA_ROOT={half}", $"--DATABASE_URL=sqlite:{Path.Combine(half, "hypersend.db")}"];
        var refused = await Operator.RunAsync("", ["restore", copied, .. settings]);
        Assert.Equal(1, refused.Code);
        Assert.Contains("is damaged", refused.Text, StringComparison.Ordinal);
        var start = await Assert.ThrowsAsync<Server.Start.PreparationException>(() => App.StartAsync(settings));
        Assert.Contains("The database is not whole", start.Message, StringComparison.Ordinal);
        var again = await Operator.RunAsync("", ["restore", whole, .. settings]);
        Assert.Equal(0, again.Code);
        Assert.Contains("A restore was interrupted here. Beginning again.", again.Text, StringComparison.Ordinal);
        await using var restored = await App.StartAsync([.. settings, "--SECRET_KEY=", "--PASSWORD_PEPPER="]);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await restored.Http.GetAsync("/health/ready", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_database_that_servers_run_on_is_not_replaced_beneath_them()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "SQLite's folder is held by its server.");
        var whole = _folder.File("whole");
        await app.MustAsync("backup", whole);
        var refused = await Operator.RunAsync("", ["restore", whole, "--replace", "--yes", .. await app.SettingsForVerbsAsync(), "--DATA_ROOT=" + _folder.File("other")]);
        Assert.Equal(1, refused.Code);
        Assert.Contains("Servers run on this database", refused.Text, StringComparison.Ordinal);
        Assert.NotNull(await app.Admin.Users.GetMeAsync());
    }

    [Fact]
    public async Task A_stream_that_is_cut_short_or_changed_or_sealed_with_another_passphrase_is_none()
    {
        var (plain, closed, right, wrong) = (_folder.File("plain.tar"), _folder.File("sealed.tar"), _folder.File("right"), _folder.File("wrong"));
        await File.WriteAllTextAsync(right, "right", Cancellation);
        await File.WriteAllTextAsync(wrong, "wrong", Cancellation);
        await app.MustAsync("backup", plain);
        await app.MustAsync("backup", closed, "--passphrase-file", right);
        await app.MustAsync("backup", closed, "--verify", "--passphrase-file", right);
        var bytes = await File.ReadAllBytesAsync(plain, Cancellation);
        foreach (var cut in (int[])[0, 600, bytes.Length / 2, bytes.Length - 4096])
            await AssertCutAsync(bytes[..cut]);
        bytes = await File.ReadAllBytesAsync(closed, Cancellation);
        await AssertCutAsync(bytes[..(bytes.Length / 2)], "--passphrase-file", right);
        Assert.Equal("The passphrase is not the one of this backup." + Environment.NewLine, (await app.RunAsync("backup", closed, "--verify", "--passphrase-file", wrong)).Text);
        Assert.StartsWith("This backup is sealed with a passphrase", (await app.RunAsync("backup", closed, "--verify")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("admin", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(closed, Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_was_killed_gives_way_when_its_lease_ends_and_what_it_had_copied_is_used()
    {
        await app.Admin.UploadAsync();
        var to = _folder.File("backup");
        await app.MustAsync("backup", to);
        var run = Directory.GetDirectories(to, "20*").Single();
        File.Delete(Path.Combine(run, "manifest.json"));
        var file = Directory.GetFiles(Path.Combine(to, "files"), "*", SearchOption.AllDirectories)[0];
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        var lease = new SqlBackupLease(app.Services.GetRequiredService<SqlDatabase>());
        Assert.True(await lease.TakeAsync("died", TimeSpan.FromMilliseconds(100), Cancellation));

        await app.MustAsync("backup", to);
        Assert.False(await lease.IsHeldAsync(Cancellation));
        Assert.False(Directory.Exists(run));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
        await app.MustAsync("backup", to, "--verify");

        // Only so many runs stay, and only files that one of them names.
        var orphan = Path.Combine(Path.GetDirectoryName(file)!, Guid.CreateVersion7(DateTimeOffset.UnixEpoch).ToString());
        await File.WriteAllTextAsync(orphan, "of a run that went", Cancellation);
        await app.MustAsync("backup", to, "--keep", "1");
        Assert.Single(Directory.GetDirectories(to, "20*"));
        Assert.False(File.Exists(orphan));
        await app.MustAsync("backup", to, "--verify");
    }

    private async Task AssertAsync(string whole, string sentence, Action<string> damage)
    {
        var copy = CopyOf(whole);
        damage(copy);
        var said = await app.RunAsync("backup", copy, "--verify");
        Assert.Equal(1, said.Code);
        Assert.Contains(sentence, said.Text, StringComparison.Ordinal);
    }

    private async Task AssertCutAsync(byte[] bytes, params string[] options)
    {
        var path = _folder.File("cut.tar");
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        Assert.Equal(1, (await app.RunAsync(["backup", path, "--verify", .. options])).Code);
    }

    private string CopyOf(string whole)
    {
        var copy = _folder.File(Path.GetRandomFileName());
        foreach (var file in Directory.GetFiles(whole, "*", SearchOption.AllDirectories))
        {
            var there = Elsewhere(file, whole, copy);
            Directory.CreateDirectory(Path.GetDirectoryName(there)!);
            File.Copy(file, there);
        }

        return copy;
    }

    private static string Elsewhere(string file, string from, string to) => Path.Combine(to, Path.GetRelativePath(from, file));

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
