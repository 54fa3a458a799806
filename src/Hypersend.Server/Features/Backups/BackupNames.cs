using System.Globalization;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Backups;

/// <summary>
/// What everything in a backup is called. What a run has of its own is in the folder of the run; the bytes of finished files and
/// pictures never change, so all runs in one place share them.
/// </summary>
internal static class BackupNames
{
    public const string Head = "hypersend-backup.json";

    /// <summary>Follows the name of what is sealed.</summary>
    public const string SealedEnding = ".sealed";

    public const string Files = "files/";
    public const string Pictures = "avatars/";

    private const string RunForm = "yyyy-MM-dd'T'HH-mm-ss-fff'Z'";

    public static string Run(DateTimeOffset at) => at.UtcDateTime.ToString(RunForm, CultureInfo.InvariantCulture);

    public static bool IsRun(string name) =>
        DateTime.TryParseExact(name, RunForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public static string Origin(string run) => run + "/origin.json";

    public static string Tables(string run) => run + "/tables/";

    public static string Table(string run, string table, int number) => string.Create(CultureInfo.InvariantCulture, $"{Tables(run)}{table}-{number:00000}.jsonl.gz");

    public static string Keys(string run) => run + "/keys.json";

    public static string List(string run) => run + "/files.list.gz";

    public static string Manifest(string run) => run + "/manifest.json";

    /// <summary>An upload that was still coming: it grows, so it belongs to its run.</summary>
    public static string Open(string run, FileId file) => $"{run}/open/{file}";

    public static string File(FileId file)
    {
        var name = file.ToString();
        return $"{Files}{name[^2..]}/{name}";
    }

    public static string Aside(FileId file, string name) => $"{File(file)}.{name}";

    public static string Picture(string hash) => $"{Pictures}{hash[..2]}/{hash}";

    /// <summary>Of whom the bytes are, and the name of what lies beside the file.</summary>
    public static bool TryReadFile(string name, out FileId file, out string? aside)
    {
        var last = name[(name.LastIndexOf('/') + 1)..];
        const int IdLength = 36;
        aside = last.Length > IdLength + 1 && last[IdLength] == '.' ? last[(IdLength + 1)..] : null;
        var isFile = Guid.TryParseExact(last.Length > IdLength ? last[..IdLength] : last, "D", out var id) && (last.Length == IdLength || aside is not null);
        file = new FileId(id);
        return isFile;
    }
}
