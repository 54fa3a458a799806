using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Tests.Platform.Secrets;

public sealed class KeyRingTests
{
    internal const string Secret = "kXv3n0o6mYJ2lq7cZ1bT5wR9sE8uP4hD+aFgQiLjNzM=";
    internal const string OtherSecret = "Pq8sVx2bW5nYc7dTe1fRg4hUj6kIl9mOo0pAaSsDdF=";

    [Fact]
    public void An_unset_secret_is_made_once_and_read_afterwards()
    {
        using var folder = new ScratchFolder();
        var first = KeyRing.Load(null, null, folder.Path).Derive("a");
        var second = KeyRing.Load(" ", "", folder.Path).Derive("a");
        Assert.Equal(first.Secret, second.Secret);
        Assert.Equal(32, Convert.FromBase64String(File.ReadAllText(folder.File("secret.key")).Trim()).Length);
        Assert.Equal(["secret.key"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void The_key_files_are_readable_by_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        using var folder = new ScratchFolder();
        KeyRing.Load(null, null, folder.Path);
        PepperRing.Load(null, folder.Path);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("secret.key")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("pepper.key")));
        }
    }

    [Fact]
    public void A_missing_data_root_is_made_and_a_dead_writers_half_is_replaced()
    {
        using var folder = new ScratchFolder();
        var root = folder.File("deep");
        Directory.CreateDirectory(root);
        File.WriteAllText(Path.Combine(root, "secret.key.tmp"), "half");
        Assert.NotNull(KeyRing.Load(null, null, root).Derive("a"));
        Assert.NotNull(PepperRing.Load(null, folder.File("new")).Current.Id);
    }

    [Fact]
    public async Task Starters_at_the_same_moment_agree_on_one_key()
    {
        for (var round = 0; round < 20; round++)
        {
            using var folder = new ScratchFolder();
            using var start = new Barrier(8);
            var rings = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return (KeyRing.Load(null, null, folder.Path).Derive("a").Id, PepperRing.Load(null, folder.Path).Current.Id);
                },
                TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.Single(rings.Distinct());
        }
    }

    [Fact]
    public void Each_purpose_has_its_own_key_and_the_previous_secret_follows()
    {
        using var folder = new ScratchFolder();
        var old = KeyRing.Load(OtherSecret, null, folder.Path);
        var ring = KeyRing.Load(Secret, OtherSecret, folder.Path);
        Assert.NotEqual(ring.Derive("a").Secret, ring.Derive("b").Secret);
        Assert.Equal([ring.Derive("a").Id, old.Derive("a").Id], ring.DeriveAll("a").Select(key => key.Id));
        Assert.Matches("^[0-9a-f]{8}$", ring.Derive("a").Id);
        Assert.Single(KeyRing.Load(Secret, Secret, folder.Path).DeriveAll("a"));
        Assert.Equal(2, KeyRing.Load(Secret, $"{OtherSecret}, {Secret}", folder.Path).DeriveAll("a").Count);
        Assert.False(File.Exists(folder.File("secret.key")));
    }

    [Fact]
    public void The_line_of_the_file_can_be_moved_into_the_setting()
    {
        using var folder = new ScratchFolder();
        var made = KeyRing.Load(null, null, folder.Path).Derive("a");
        Assert.Equal(made.Id, KeyRing.Load(File.ReadAllText(folder.File("secret.key")), null, folder.Path).Derive("a").Id);
    }

    [Theory]
    [InlineData("changeme")]
    [InlineData("secret")]
    [InlineData("1234567890123456789012345678901")]
    [InlineData("your-secret-key-change-in-production")]
    [InlineData("change-me-change-me-change-me-change-me")]
    [InlineData("YOUR_SUPER_SECRET_KEY_OF_32_CHARACTERS")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("secretsecretsecretsecretsecretsecret")]
    public void A_weak_secret_stops_the_start_with_a_sentence(string weak)
    {
        using var folder = new ScratchFolder();
        var refusal = Assert.Throws<SecretRefusedException>(() => KeyRing.Load(weak, null, folder.Path));
        Assert.Contains("SECRET_KEY", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("32 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(weak, refusal.Message.Replace("SECRET_KEY", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_key_file_is_refused_and_not_replaced()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.File("secret.key"), "short");
        File.WriteAllText(folder.File("pepper.key"), "");
        Assert.Throws<SecretRefusedException>(() => KeyRing.Load(null, null, folder.Path));
        Assert.Throws<SecretRefusedException>(() => PepperRing.Load(null, folder.Path));
        Assert.Equal("short", File.ReadAllText(folder.File("secret.key")));
    }

    [Fact]
    public void No_key_prints_its_secret()
    {
        var key = new SigningKey("id", [1, 2, 3]);
        Assert.Equal("SigningKey id", $"{key}");
    }
}
