using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// A ZIP of many files that is known to its last byte before the first one is sent: its length, its ETag, and what lies at
/// any place of it. Nothing is compressed and nothing follows the bytes of a file, so every place can be computed, and a
/// broken download goes on where it ended.
/// </summary>
internal sealed class ZipPlan
{
    // Central headers are sent in pieces of about this size.
    private const int Piece = 64 << 10;

    private readonly ZipEntry[] _entries;
    private readonly byte[][] _names;
    // Where each local header begins, and after the last one the central directory.
    private readonly long[] _places;
    // Where each central header begins, and after the last one the end records.
    private readonly long[] _central;
    private readonly byte[] _end;

    public ZipPlan(IReadOnlyList<ZipEntry> entries)
    {
        var names = ZipNames.Of(entries);
        _entries = [.. entries.Select((entry, at) => entry with { Name = names[at] })];
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        _places = new long[_entries.Length + 1];
        _central = new long[_entries.Length + 1];
        checked
        {
            for (var at = 0; at < _entries.Length; at++)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(_entries[at].Size);
                _places[at + 1] = _places[at] + ZipHeaders.LocalLength(_entries[at], _names[at]) + _entries[at].Size;
            }
            _central[0] = _places[^1];
            for (var at = 0; at < _entries.Length; at++)
                _central[at + 1] = _central[at] + ZipHeaders.CentralLength(_entries[at], _names[at], _places[at]);
            _end = ZipHeaders.End(_entries.Length, _central[0], _central[^1]);
            Length = _central[^1] + _end.Length;
        }
        ETag = Conditions.Tag("zip-" + Convert.ToHexStringLower(Digest()));
    }

    /// <summary>The files, with the paths that they have in the ZIP.</summary>
    public IReadOnlyList<ZipEntry> Entries => _entries;

    /// <summary>The exact length.</summary>
    public long Length { get; }

    /// <summary>A strong one, with its quotes: two plans with the same one are the same in every byte.</summary>
    public string ETag { get; }

    /// <summary>What lies from one byte to another, both included, in order.</summary>
    public IEnumerable<ZipSlice> Slices(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(to, Length);
        return from > to ? [] : Walk(from, to + 1);
    }

    private IEnumerable<ZipSlice> Walk(long from, long end)
    {
        for (var at = from < _central[0] ? Find(_places, from) : _entries.Length; at < _entries.Length && _places[at] < end; at++)
        {
            var header = ZipHeaders.Local(_entries[at], _names[at]);
            var body = _places[at] + header.Length;
            if (from < body)
                yield return ZipSlice.Of(Cut(header, _places[at], from, end));
            var (first, last) = (Math.Max(from, body), Math.Min(end, _places[at + 1]));
            if (first < last)
                yield return ZipSlice.Of(_entries[at].File, first - body, last - first);
        }
        for (var at = Find(_central, from); at < _entries.Length && _central[at] < end;)
        {
            var start = _central[at];
            using var piece = new MemoryStream(Piece + 1_500);
            for (; at < _entries.Length && _central[at] < end && piece.Length < Piece; at++)
                piece.Write(ZipHeaders.Central(_entries[at], _names[at], _places[at]));
            yield return ZipSlice.Of(Cut(piece.ToArray(), start, from, end));
        }
        if (end > _central[^1])
            yield return ZipSlice.Of(Cut(_end, _central[^1], from, end));
    }

    /// <summary>The part of some bytes that was asked for.</summary>
    private static ReadOnlyMemory<byte> Cut(byte[] bytes, long place, long from, long end)
    {
        var first = (int)Math.Max(0, from - place);
        var last = (int)Math.Min(bytes.Length, end - place);
        return bytes.AsMemory(first, last - first);
    }

    /// <summary>The last one that begins at or before a byte; the first one for a byte before all.</summary>
    private static int Find(long[] places, long at)
    {
        var found = Array.BinarySearch(places, at);
        // Nothing is shorter than its header, so no two places are the same.
        return found >= 0 ? found : Math.Max(0, ~found - 1);
    }

    private byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[ZipHeaders.Version.Length + 16 + sizeof(long) * 2 + sizeof(uint) + sizeof(int)];
        ZipHeaders.Version.CopyTo(numbers);
        var fields = numbers[ZipHeaders.Version.Length..];
        for (var at = 0; at < _entries.Length; at++)
        {
            var entry = _entries[at];
            entry.File.Value.TryWriteBytes(fields, bigEndian: true, out _);
            BinaryPrimitives.WriteInt64BigEndian(fields[16..], entry.Size);
            BinaryPrimitives.WriteInt64BigEndian(fields[24..], entry.Modified.ToUnixTimeSeconds());
            BinaryPrimitives.WriteUInt32BigEndian(fields[32..], entry.Crc32);
            BinaryPrimitives.WriteInt32BigEndian(fields[36..], _names[at].Length);
            hash.AppendData(numbers);
            hash.AppendData(_names[at]);
        }
        return hash.GetHashAndReset();
    }
}
