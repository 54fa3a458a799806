using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hypersend.Server.Features.Backups;

/// <summary>The first words of a backup, and the only ones that are never sealed.</summary>
internal sealed record BackupHead
{
    /// <summary>What this program writes, and the newest that it reads.</summary>
    public const int KnownFormat = 1;

    public int Format { get; init; } = KnownFormat;

    /// <summary>Null for a backup without a passphrase.</summary>
    public BackupSeal? Seal { get; init; }
}

/// <summary>How the key follows from the passphrase, and something by which a wrong one is told at once.</summary>
internal sealed record BackupSeal
{
    public string Derivation { get; init; } = "PBKDF2-SHA-512";

    public int Iterations { get; init; }

    public byte[] Salt { get; init; } = [];

    public byte[] Check { get; init; } = [];
}

/// <summary>What was backed up: written before the tables, because whoever reads a stream has to know it before them.</summary>
internal sealed record BackupOrigin
{
    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }

    public string Engine { get; init; } = "";

    public string Storage { get; init; } = "";

    /// <summary>The number of the last step of the schema.</summary>
    public int Schema { get; init; }

    /// <summary>Whether the bytes of files are in it; without them the store they lie in is backed up otherwise.</summary>
    public bool HasFiles { get; init; }

    public bool HasKeys { get; init; }
}

/// <summary>The last words. A backup without them is none.</summary>
internal sealed record BackupManifest
{
    public BackupOrigin Origin { get; init; } = new();

    public string Epoch { get; init; } = "";

    public IReadOnlyDictionary<string, long> Rows { get; init; } = new Dictionary<string, long>();

    /// <summary>Everything of this run but the bytes of files, whose hashes stand in a part of their own.</summary>
    public IReadOnlyList<BackupPart> Parts { get; init; } = [];

    public long Files { get; init; }

    public long FileBytes { get; init; }

    /// <summary>Files whose bytes were damaged or missing when they were to be copied: they are not in the backup.</summary>
    public IReadOnlyList<string> Damaged { get; init; } = [];
}

/// <summary>One named piece: its length and its hash before it was sealed.</summary>
internal sealed record BackupPart(string Name, long Length, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupHead))]
[JsonSerializable(typeof(BackupOrigin))]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class BackupJson : JsonSerializerContext
{
    /// <summary>What cannot be read is a damaged backup, and no bug.</summary>
    public static T Read<T>(ReadOnlySpan<byte> bytes, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string name)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new BackupRefusedException($"{name} cannot be read: this backup is damaged, or is none.");
        }
    }
}
