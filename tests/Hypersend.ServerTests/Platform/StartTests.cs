using System.Diagnostics;
using Hypersend.Server;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Platform;

public sealed class StartTests
{
    [Theory]
    [InlineData("urls", "ftp://somewhere")]
    [InlineData("API_PORT", "70000")]
    [InlineData("DATABASE_URL", "mysql://somewhere/db")]
    [InlineData("DATABASE_URL", "postgres://")]
    [InlineData("STORAGE_URL", "s3://bucket")]
    [InlineData("REDIS_URL", "localhost:6379")]
    [InlineData("SMTP_URL", "mail.example.org")]
    [InlineData("PUBLIC_URL", "chat.example.org")]
    [InlineData("DOMAIN", "https://chat.example.org/")]
    [InlineData("HTTPS", "maybe")]
    [InlineData("TRUSTED_PROXIES", "everybody")]
    [InlineData("CORS_ORIGINS", "*")]
    [InlineData("CORS_ORIGINS", "https://app.example.org/path")]
    [InlineData("REGISTRATION", "sometimes")]
    [InlineData("ACCESS_TOKEN_MINUTES", "0")]
    [InlineData("REFRESH_TOKEN_DAYS", "soon")]
    [InlineData("PASSWORD_COST", "3")]
    [InlineData("RATE_LIMITS", "perhaps")]
    [InlineData("DEFAULT_QUOTA", "-1")]
    [InlineData("BRAND_COLOR", "blue")]
    [InlineData("LOG_LEVEL", "loud")]
    [InlineData("LOG_FORMAT", "xml")]
    [InlineData("OTLP_ENDPOINT", "collector")]
    [InlineData("DRAIN_NOTICE_SECONDS", "61")]
    [InlineData("DEBUG", "2")]
    public void A_wrong_setting_stops_the_start_and_is_named_with_an_example(string name, string value)
    {
        using var folder = new ScratchFolder();

        var refusal = Assert.Throws<WrongSettingsException>(() => HypersendHost.Build([$"--DATA_ROOT={folder.Path}", $"--{name}={value}"]));

        var problem = Assert.Single(refusal.Problems);
        var shown = name is "DATABASE_URL" or "STORAGE_URL" or "REDIS_URL" or "SMTP_URL" ? "(not shown)" : value;
        Assert.StartsWith($"{name}={shown}: it must be ", problem, StringComparison.Ordinal);
        Assert.Contains($"(for example {name}=", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_settings_are_named_at_once()
    {
        var refusal = Assert.Throws<WrongSettingsException>(() => HypersendHost.Build(["--DEBUG=2", "--HTTPS=maybe", "--PASSWORD_COST=99"]));

        Assert.Equal(3, refusal.Problems.Count);
    }

    [Fact]
    public void Postgres_without_a_secret_key_is_refused()
    {
        var refusal = Assert.Throws<WrongSettingsException>(() => HypersendHost.Build(["--DATABASE_URL=postgres://u:hunter2@localhost/db"]));

        Assert.Contains("SECRET_KEY is not set", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("change-me-in-production-please-change-me", "known default")]
    [InlineData("your-super-secret-jwt-key-at-least-32-characters", "known default")]
    [InlineData("Zx9-Qw8-Er7", "too short")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "repeats")]
    public async Task A_secret_that_anybody_could_guess_is_refused(string secret, string reason)
    {
        using var folder = new ScratchFolder();

        var refusal = await Assert.ThrowsAsync<SecretRefusedException>(() => HypersendHost.StartAsync(
            ["--urls=http://127.0.0.1:0", $"--DATA_ROOT={folder.Path}", $"--SECRET_KEY={secret}", "--Logging:Console:LogLevel:Default=None"]));

        Assert.Contains("SECRET_KEY", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_in_use_is_refused_and_free_again_afterwards()
    {
        using var folder = new ScratchFolder();
        string[] settings = ["--urls=http://127.0.0.1:0", $"--DATA_ROOT={folder.Path}", "--LOG_LEVEL=error", "--Logging:Console:LogLevel:Default=None"];
        await using (var first = await HypersendHost.StartAsync(settings))
        {
            var refusal = await Assert.ThrowsAsync<WrongSettingsException>(() => HypersendHost.StartAsync(settings));
            Assert.Contains($"DATA_ROOT={folder.Path}", refusal.Message, StringComparison.Ordinal);
            await first.StopAsync(TestContext.Current.CancellationToken);
        }

        await using var again = await HypersendHost.StartAsync(settings);
        Assert.True(File.Exists(folder.File("secret.key")));

        // Only a stop waits for the work beside the requests, which writes in the folder.
        await again.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_spelling_mistake_in_the_env_file_stops_the_start_with_the_right_name()
    {
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(folder.File(".env"), "# mine\nREGISTRATON=closed\nMONGODB_URI=mongodb://x\n");

        var (code, errors) = await RunAsync(folder.Path, "--urls=http://127.0.0.1:0");

        Assert.Equal(2, code);
        Assert.Contains("REGISTRATON in .env is no setting of this server. Did you mean REGISTRATION?", errors, StringComparison.Ordinal);
        Assert.Contains("MONGODB_URI is ignored", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("data")));
    }

    private static async Task<(int Code, string Errors)> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "hypersend-server"), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        try
        {
            var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            await output;
            return (process.ExitCode, errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
