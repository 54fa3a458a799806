using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>Reads a ready file at any place, wherever its bytes lie: to its readers a joined one looks like any other.</summary>
internal sealed class PieceReader(IFileStore files, IBlobStore blobs, FileRow file) : IBlobReader
{
    private IReadOnlyList<FilePiece>? _pieces;
    private IBlobReader? _reader;
    private FileId _readerOf;
    private int _at;

    /// <summary>At least one byte, and as far as its piece goes.</summary>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        _pieces ??= await files.LayoutAsync(file, 0, long.MaxValue - 1, cancellation);
        if (_at >= _pieces.Count || _pieces[_at].Offset > offset)
            _at = 0;
        while (_at < _pieces.Count && _pieces[_at].Offset + _pieces[_at].Place.Length <= offset)
            _at++;
        if (_at == _pieces.Count)
            throw new EndOfStreamException("The file is shorter than its rows say.");
        var piece = _pieces[_at];
        if (_reader is null || _readerOf != piece.Blob)
        {
            if (_reader is not null)
                await _reader.DisposeAsync();
            _reader = null;
            _reader = await blobs.OpenAsync(piece.Blob, cancellation);
            _readerOf = piece.Blob;
        }

        return await _reader.ReadAsync(piece.Place, offset - piece.Offset, buffer, cancellation);
    }

    /// <summary>Of the place only its offset in the file counts.</summary>
    public ValueTask<int> ReadAsync(BlobPlace part, long offsetInPart, Memory<byte> buffer, CancellationToken cancellation)
    {
        var left = part.Length - offsetInPart;
        return left == 0 ? ValueTask.FromResult(0) : ReadAsync(part.Offset + offsetInPart, buffer[..(int)Math.Min(buffer.Length, left)], cancellation);
    }

    public ValueTask DisposeAsync() => _reader?.DisposeAsync() ?? default;
}
