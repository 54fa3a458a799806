using System.Globalization;
using System.Security.Cryptography;

namespace Hypersend.BrowserTests;

/// <summary>What takes minutes and gigabytes: <c>make soak</c> runs it, and <c>make test</c> leaves it out.</summary>
internal static class Soak
{
    /// <summary>The trait by which the runner tells these tests from the others.</summary>
    public const string Trait = "Run";

    public const string Value = "soak";

    /// <summary>Nothing takes so long, on any machine, that does not stand still.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(50);

    private const int Step = 1 << 20;

    /// <summary>How large its files are; SOAK_BYTES says otherwise.</summary>
    public static long Bytes { get; } =
        Environment.GetEnvironmentVariable("SOAK_BYTES") is { Length: > 0 } given ? long.Parse(given, CultureInfo.InvariantCulture) : 4L << 30;

    /// <summary>For Playwright, which counts in milliseconds.</summary>
    public static float Milliseconds => (float)Patience.TotalMilliseconds;

    /// <summary>Takes next to no room on the disk, and no two chunks of it are the same.</summary>
    public static string Fill(string folder, long length)
    {
        var path = Path.Combine(folder, "large.bin");
        using var file = File.Create(path);
        file.SetLength(length);
        for (long at = 0; at + sizeof(long) <= length; at += Step) RandomAccess.Write(file.SafeFileHandle, BitConverter.GetBytes(at + 1), at);
        return path;
    }

    /// <summary>The digest of the chunks' digests.</summary>
    public static string RootOf(string path, int chunkSize)
    {
        using var file = File.OpenHandle(path);
        using var root = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[chunkSize];
        for (long at = 0; at < RandomAccess.GetLength(file);)
        {
            var read = RandomAccess.Read(file, chunk, at);
            root.AppendData(SHA256.HashData(chunk.AsSpan(0, read)));
            at += read;
        }

        return Convert.ToHexStringLower(root.GetHashAndReset());
    }

    public static string Speed(long length, TimeSpan took) =>
        string.Create(CultureInfo.InvariantCulture, $"{length >> 20} MiB in {took.TotalSeconds:F1} s ({length / took.TotalSeconds / 1e6:F0} MB/s)");
}
