using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>A whole file that goes into a ZIP.</summary>
/// <param name="Name">Its name, or its path with <c>/</c>.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Crc32">The checksum of its bytes.</param>
/// <param name="Modified">The time that it has when it is unpacked.</param>
/// <param name="File">Where its bytes are.</param>
internal sealed record ZipEntry(string Name, long Size, uint Crc32, DateTimeOffset Modified, FileId File);

/// <summary>The next bytes of a ZIP: either these, or some of a file.</summary>
internal readonly record struct ZipSlice(ReadOnlyMemory<byte> Bytes, FileId? File, long Offset, long Length)
{
    public static ZipSlice Of(ReadOnlyMemory<byte> bytes) => new(bytes, null, 0, bytes.Length);

    public static ZipSlice Of(FileId file, long offset, long length) => new(default, file, offset, length);
}
