using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Faults.PowerLoss;

/// <summary>
/// What a disk may hold when the power goes: all that a flush covers, and of the rest nothing, everything, what came first, or
/// any of its sectors in any order. Names of files that no flush of their folder covers are there or not; what was removed is gone
/// at once.
/// </summary>
/// <remarks>
/// Not modelled: a disk that lies about its flushes, sectors that are torn inside (SQLite is told by the system that they are
/// not), a file system that loses the names of SQLite's own files, and what the server keeps in whole small files (keys,
/// thumbnails, avatars): those are written aside, flushed and renamed, and taken as they were at the end.
/// </remarks>
internal static class DiskImage
{
    private const int Sector = 512;
    private static readonly string Blobs = Path.Combine("blobs", "files") + Path.DirectorySeparatorChar;

    /// <summary>Builds it in a folder.</summary>
    public static void Build(DiskLog log, int moment, Dice dice, string folder)
    {
        var steps = log.Until(moment);
        var names = DurableNames(steps);
        CopyOthers(log.Root, folder);
        var numbered = steps.Select((step, at) => (Step: step, At: at));
        foreach (var file in numbered.Where(one => one.Step is Written or Resized or Flushed or Removed).GroupBy(one => one.Step.File, StringComparer.Ordinal))
        {
            if (IsBlob(file.Key) && !names.Contains(file.Key) && dice.OneIn(2))
                continue;
            if (Content([.. file], dice) is not { } content)
                continue;
            var path = Path.Combine(folder, file.Key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }

        // Begun and not written to yet: an empty file.
        foreach (var name in names.Where(name => IsBlob(name) && !steps.Any(step => step is Removed && step.File == name)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.Open(Path.Combine(folder, name), FileMode.OpenOrCreate).Dispose();
        }
    }

    /// <summary>The bytes of a file, and neither a folder of them nor what is kept aside.</summary>
    private static bool IsBlob(string name) => name.StartsWith(Blobs, StringComparison.Ordinal) && Guid.TryParseExact(Path.GetFileName(name), "D", out _);

    private static HashSet<string> DurableNames(IReadOnlyList<DiskStep> steps) =>
        steps.OfType<NamesFlushed>().SelectMany(step => step.Names).ToHashSet(StringComparer.Ordinal);

    /// <summary>Null when the file is not there.</summary>
    private static byte[]? Content(IReadOnlyList<(DiskStep Step, int At)> steps, Dice dice)
    {
        var alive = steps.Skip(steps.Select((one, at) => one.Step is Removed ? at + 1 : 0).Max()).ToList();
        if (alive.Count == 0)
            return null;
        var covered = alive.Select(one => one.Step is Flushed flushed ? flushed.Began : 0).Max();
        var content = new Content();
        foreach (var (step, _) in alive.Where(one => one.At < covered))
            content.Apply(step);
        var open = alive.Where(one => one.At >= covered).Select(one => one.Step).ToList();
        switch (dice.Below(4))
        {
            case 0:
                break;
            case 1:
                open.ForEach(content.Apply);
                break;
            case 2:
                open.GetRange(0, dice.Below(open.Count + 1)).ForEach(content.Apply);
                break;
            default:
                foreach (var piece in open.SelectMany(Pieces).Where(_ => dice.OneIn(2)))
                    content.Apply(piece);
                break;
        }

        return content.ToArray();
    }

    /// <summary>A write as the disk sees it: a piece of it in each sector.</summary>
    private static IEnumerable<DiskStep> Pieces(DiskStep step)
    {
        if (step is not Written written)
        {
            yield return step;
            yield break;
        }

        for (var at = 0; at < written.Bytes.Length;)
        {
            var length = (int)Math.Min(Sector - ((written.Offset + at) % Sector), written.Bytes.Length - at);
            yield return new Written(step.File, written.Offset + at, written.Bytes[at..(at + length)]);
            at += length;
        }
    }

    /// <summary>What came through neither door.</summary>
    private static void CopyOthers(string root, string folder)
    {
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(root, path);
            if (name.Contains(".db", StringComparison.Ordinal) || IsBlob(name))
                continue;
            var target = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}

/// <summary>The bytes of one file as the disk gathers them.</summary>
internal sealed class Content
{
    private byte[] _bytes = [];
    private long _length;

    public void Apply(DiskStep step)
    {
        switch (step)
        {
            case Written written:
                Reserve(written.Offset + written.Bytes.Length);
                written.Bytes.CopyTo(_bytes, written.Offset);
                break;
            case Resized resized:
                Reserve(resized.Size);
                _bytes.AsSpan((int)resized.Size).Clear();
                _length = resized.Size;
                break;
        }
    }

    public byte[] ToArray() => _bytes[..(int)_length];

    private void Reserve(long length)
    {
        if (length > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Max(length, 2L * _bytes.Length));
        _length = Math.Max(_length, length);
    }
}
