using Hypersend.EngineSpecs.Blobs;

namespace Hypersend.ServerTests.Fixture;

/// <summary>
/// Where the files of a test server lie: in its own folder, or with HYPERSEND_TEST_STORAGE=s3 in a fresh bucket of the S3 server that
/// the environment names. With HYPERSEND_TEST_SEALED=on they are sealed. Who says something of either in a test's settings says all.
/// </summary>
internal sealed class TestStorage
{
    private const string StorageVariable = "HYPERSEND_TEST_STORAGE";
    private const string SealedVariable = "HYPERSEND_TEST_SEALED";
    private const string Key = "test:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=";

    private string? _bucket;

    public static bool IsBucket { get; } = Read(StorageVariable, "folder", "s3");

    public static bool IsSealed { get; } = Read(SealedVariable, "off", "on");

    /// <summary>What leads a server there; makes the bucket the first time.</summary>
    public async Task<string[]> SettingsAsync(IReadOnlyCollection<string> ofTheTest)
    {
        var settings = new List<string>();
        if (IsBucket && !Names(ofTheTest, "--STORAGE_URL="))
            settings.Add("--STORAGE_URL=" + (_bucket ??= S3Server.Setting(await S3Server.CreateBucketAsync())));
        if (IsSealed && !Names(ofTheTest, "--ENCRYPT"))
            settings.AddRange(["--ENCRYPT_AT_REST=on", "--ENCRYPTION_KEY=" + Key]);
        return [.. settings];
    }

    private static bool Names(IEnumerable<string> settings, string name) => settings.Any(setting => setting.StartsWith(name, StringComparison.Ordinal));

    private static bool Read(string variable, string usual, string other) => Environment.GetEnvironmentVariable(variable) switch
    {
        null or "" => false,
        var said when said == usual => false,
        var said when said == other => true,
        var said => throw new InvalidOperationException($"{variable}={said}: it must be {usual} or {other}."),
    };
}
