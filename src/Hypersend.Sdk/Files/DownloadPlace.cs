using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.Sdk.Files;

/// <summary>Where the pieces of a download go as they come.</summary>
internal interface IDownloadPlace
{
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>A chunk is whole, and it is what it should be.</summary>
    void Land(int chunk, ReadOnlySpan<byte> sha256);
}

/// <summary>
/// Where the bytes of a download lie until all are there: <c>&lt;path&gt;.part</c> in its full size from the beginning, and beside it
/// <c>&lt;path&gt;.part.chunks</c>, which says of what file it is and, a line each, which chunks have come and what their digests are.
/// </summary>
internal sealed class DownloadPlace : IDownloadPlace, IDisposable
{
    private const int Piece = 128 * 1024;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly SafeFileHandle _part;
    private readonly FileStream _notes;
    private readonly Dictionary<int, byte[]> _landed = [];
    private DownloadPlan _plan;

    private DownloadPlace(string path, DownloadPlan plan, SafeFileHandle part, FileStream notes) => (_path, _plan, _part, _notes) = (path, plan, part, notes);

    public int Landed => _landed.Count;

    public long LandedBytes => _landed.Keys.Sum(chunk => (long)_plan.LengthOf(chunk));

    /// <summary>What is there, with the digests of it.</summary>
    public IReadOnlyDictionary<int, byte[]> Digests => _landed;

    public static string PartOf(string path) => path + ".part";

    public static string NotesOf(string path) => path + ".part.chunks";

    /// <summary>Opens what an earlier run left of the same bytes, or makes it anew. Nobody else may have it open.</summary>
    public static async Task<DownloadPlace> OpenAsync(string path, DownloadPlan plan, CancellationToken cancellation)
    {
        var notes = OpenNotes(path);
        SafeFileHandle? part = null;
        try
        {
            var noted = await ReadAsync(notes, plan, cancellation);
            if (noted is null || !File.Exists(PartOf(path)) || new FileInfo(PartOf(path)).Length > (plan.Size ?? long.MaxValue))
                (part, noted) = (Create(path, plan, notes), []);
            part ??= File.OpenHandle(PartOf(path), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            var place = new DownloadPlace(path, plan, part, notes);
            place.Follow(plan);
            foreach (var (chunk, digest) in noted)
            {
                // A machine that lost its power may have kept the note and lost the bytes.
                if (place.DigestOf(chunk) is { } found && found.AsSpan().SequenceEqual(digest) && plan.IsGood(chunk, found))
                    place._landed.Add(chunk, found);
            }

            return place;
        }
        catch
        {
            part?.Dispose();
            var isEmpty = notes.Length == 0;
            await notes.DisposeAsync();
            if (isEmpty)
                File.Delete(NotesOf(path));
            throw;
        }
    }

    public bool Has(int chunk) => _landed.ContainsKey(chunk);

    /// <summary>More is known of the file, which was still coming.</summary>
    public void Follow(DownloadPlan plan)
    {
        _plan = plan;
        if (plan.Size is { } size && RandomAccess.GetLength(_part) < size)
            RandomAccess.SetLength(_part, size);
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_part, bytes, offset);
        }
        catch (IOException failure)
        {
            throw new DiskException(PartOf(_path), failure);
        }
    }

    public void Land(int chunk, ReadOnlySpan<byte> sha256)
    {
        lock (_gate)
        {
            _landed[chunk] = sha256.ToArray();
            try
            {
                _notes.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{chunk} {Convert.ToHexStringLower(sha256)}\n")));
            }
            catch (IOException failure)
            {
                throw new DiskException(NotesOf(_path), failure);
            }
        }
    }

    /// <summary>All is there: it gets its name, and the notes go.</summary>
    public void Finish(bool replaces)
    {
        try
        {
            RandomAccess.FlushToDisk(_part);
        }
        catch (IOException failure)
        {
            throw new DiskException(PartOf(_path), failure);
        }

        Dispose();
        File.Move(PartOf(_path), _path, replaces);
        File.Delete(NotesOf(_path));
    }

    public void Dispose()
    {
        _part.Dispose();
        _notes.Dispose();
    }

    private static FileStream OpenNotes(string path)
    {
        try
        {
            return new FileStream(NotesOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException failure) when (File.Exists(NotesOf(path)))
        {
            throw new PlaceTakenException(path, failure);
        }
    }

    private static SafeFileHandle Create(string path, DownloadPlan plan, FileStream notes)
    {
        try
        {
            // All of its room is taken at once: a disk that is too small says so now.
            var part = File.OpenHandle(PartOf(path), FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.None, plan.Size ?? 0);
            RandomAccess.SetLength(part, plan.Size ?? 0);
            notes.SetLength(0);
            notes.Write(Encoding.ASCII.GetBytes(plan.Head + "\n"));
            return part;
        }
        catch (IOException failure)
        {
            throw new DiskException(PartOf(path), failure);
        }
    }

    /// <summary>The chunks that are noted; null when the notes are of other bytes, or of none.</summary>
    private static async Task<SortedDictionary<int, byte[]>?> ReadAsync(FileStream notes, DownloadPlan plan, CancellationToken cancellation)
    {
        using var reader = new StreamReader(notes, Encoding.ASCII, leaveOpen: true);
        var text = await reader.ReadToEndAsync(cancellation);
        var lines = text.Split('\n');
        if (lines.Length < 2 || (lines[0] != plan.Head && lines[0] != plan.EarlierHead))
            return null;

        // What follows the last line break is the half of a line, or nothing.
        var noted = new SortedDictionary<int, byte[]>();
        foreach (var line in lines[1..^1])
        {
            var words = line.Split(' ');
            if (words.Length == 2 && words[1].Length == 2 * SHA256.HashSizeInBytes && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var chunk)
                && chunk < (plan.Total ?? int.MaxValue) && words[1].All(char.IsAsciiHexDigit))
                noted[chunk] = Convert.FromHexString(words[1]);
        }

        notes.SetLength(text.LastIndexOf('\n') + 1);
        notes.Seek(0, SeekOrigin.End);
        return noted;
    }

    /// <summary>Of the bytes that lie there; null when there are too few.</summary>
    private byte[]? DigestOf(int chunk)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            for (var at = 0; at < _plan.LengthOf(chunk);)
            {
                var read = RandomAccess.Read(_part, buffer.AsSpan(0, Math.Min(Piece, _plan.LengthOf(chunk) - at)), _plan.OffsetOf(chunk) + at);
                if (read == 0)
                    return null;
                hash.AppendData(buffer.AsSpan(0, read));
                at += read;
            }

            return hash.GetCurrentHash();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

/// <summary>Another run is fetching into the same place.</summary>
public sealed class PlaceTakenException(string path, IOException inner) : IOException($"Another process is fetching into {path}.", inner);
