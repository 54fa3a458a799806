using System.Buffers;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>The bytes of one request on their way into the chunks of an upload.</summary>
internal sealed class TusInflow(
    OpenUpload upload, ChunkLease lease, StoredTus stored, ITusStore store, IBlobStore blobs, RoomForBytes room, HashChunks hash, DropAttempt drop, UploadProgress progress,
    TimeProvider clock, UploadLimits limits, bool holdsBack)
    : IAsyncDisposable
{
    private readonly List<ChunkRow> _whole = [];
    private readonly List<RoomForBytes.Allowance> _allowances = [];
    private long _allowed;
    private long _end = stored.Offset;
    private bool _mayCount;
    private TusTail _tail = stored.Tail;
    private TusTail _known = stored.Tail;
    private GrowingChunk? _chunk;
    private SniffedType? _type;

    /// <summary>As it stands in the rows.</summary>
    public FileRow File { get; private set; } = stored.File;

    private ChunkGrid Grid => new(File.Size, File.ChunkSize);

    /// <summary>The size may have become known when all was here: then the beginning of a chunk is all of it.</summary>
    public async ValueTask<Failure?> SettleAsync()
    {
        if (File.Size is null || _tail.Length == 0 || _tail.Length != Grid.LengthOf(_tail.Chunk))
            return null;
        _chunk = await OpenChunkAsync();
        return await FinishChunkAsync();
    }

    public async ValueTask<Failure?> TakeAsync(ReadOnlySequence<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_chunk is null && !Grid.Has(_tail.Chunk))
                return UploadRules.TooLarge(File.Size ?? limits.MaxSize) with { Detail = "The request has more bytes than the upload." };
            if (_allowed == 0 && await AskAsync() is { } noRoom)
                return noRoom;
            if (!lease.IsSure)
                return new Failure(ErrorCodes.OffsetMismatch);
            _chunk ??= await OpenChunkAsync();
            var piece = bytes.Slice(0, Math.Min(Math.Min(Grid.LengthOf(_chunk.Index) - _chunk.Filled, _allowed), bytes.Length));
            _allowed -= piece.Length;
            _end += piece.Length;
            await _chunk.WriteAsync(piece, CancellationToken.None);
            bytes = bytes.Slice(piece.Length);
            if (_chunk.Filled == Grid.LengthOf(_chunk.Index) && await FinishChunkAsync() is { } failure)
                return failure;
        }

        return null;
    }

    /// <summary>What came is durable and written down when this returns.</summary>
    public async ValueTask<Failure?> KeepAsync()
    {
        // What is kept of a beginning goes where the server that goes on with it keeps its own.
        if (!lease.IsSure)
            return new Failure(ErrorCodes.OffsetMismatch);
        if (_chunk is { } chunk && chunk.Filled > (_tail.Chunk == chunk.Index ? _tail.Length : 0))
        {
            _tail = new TusTail(chunk.Index, chunk.Filled, await chunk.KeepAsync());
            if (await WriteDownAsync() is { } failure)
                return failure;
            (upload.TailDigests, upload.TailOf) = (chunk.TakeDigests(), _tail);
            return null;
        }

        return _whole.Count > 0 ? await WriteDownAsync() : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chunk is not null)
            await _chunk.DisposeAsync();
        if (!_mayCount && _end > File.ReceivedBytes)
            await drop.HandleAsync(File, _end, [.. _whole.Append(new ChunkRow { Name = _tail.Name == _known.Name ? null : _tail.Name }).Select(chunk => chunk.Name).OfType<string>()], lease);
        Settled();
    }

    /// <summary>Room for the rest of this chunk, before its first byte is written.</summary>
    private async ValueTask<Failure?> AskAsync()
    {
        var rest = Grid.LengthOf(_tail.Chunk) - (_chunk?.Filled ?? _tail.Length);
        if (!(await room.AskAsync(File, 1, rest, limits, CancellationToken.None)).Succeeded(out var allowance, out var failure))
            return failure;
        _allowances.Add(allowance);
        _allowed = allowance.Bytes;
        return null;
    }

    /// <summary>What came is in the books, or was given up.</summary>
    private void Settled()
    {
        foreach (var allowance in _allowances)
            allowance.Dispose();
        _allowances.Clear();
        _allowed = 0;
    }

    private ValueTask<GrowingChunk> OpenChunkAsync()
    {
        // Taken, because they are only good for bytes that go on exactly there.
        var known = upload.TailDigests;
        upload.TailDigests = null;
        var isOfTail = _tail.Length > 0 && _tail == stored.Tail && _tail == upload.TailOf;
        if (!isOfTail)
            known?.Dispose();
        return GrowingChunk.OpenAsync(blobs, hash, File, Grid.LengthOf(_tail.Chunk), _tail, isOfTail ? known : null, CancellationToken.None);
    }

    private async ValueTask<Failure?> FinishChunkAsync()
    {
        var chunk = _chunk!;
        _chunk = null;
        await using (chunk)
        {
            var name = await chunk.KeepAsync();
            if (chunk.Index == 0)
                _type = Sniff(chunk.Head);
            _whole.Add(chunk.ToRow(name));
        }

        _tail = new TusTail(chunk.Index + 1, 0, null);

        // The last one counts when the request is over without a byte too many: nothing is published of one that is refused.
        return holdsBack || (File.Size is not null && !Grid.Has(_tail.Chunk)) ? null : await WriteDownAsync();
    }

    // Not cancelled by a client that goes: the bytes are durable, and the rows are all that is missing.
    private async ValueTask<Failure?> WriteDownAsync()
    {
        var growth = new TusGrowth(_whole, _tail) { Type = _type, Lease = lease.Holder };

        // When the answer of the database is lost, the rows may be there all the same.
        _mayCount = true;
        var grown = await store.GrowAsync(File.Id, File.ReceivedBytes, growth, limits, clock.GetUtcNow(), CancellationToken.None);
        _mayCount = false;
        if (!grown.Succeeded(out var file, out var failure))
            return failure;
        FileMetrics.Received(file.ReceivedBytes - File.ReceivedBytes);
        File = file;
        Settled();

        // What it grew out of lies under another name, where parts have names, and no row knows it any more.
        if (_known.Name is { } before && before != _tail.Name && blobs is IBlobLeftovers leftovers)
            leftovers.Forget(file.BytesId, before);
        _known = _tail;
        upload.Grew(file);
        foreach (var chunk in _whole)
            upload.Landed(file, chunk.Chunk);
        _whole.Clear();
        if (file.Role == FileRoles.Stream)
            progress.Note(upload);
        return null;
    }

    private SniffedType? Sniff(ReadOnlySpan<byte> head)
    {
        var mime = MediaTypes.Sniff(head, File.Mime, File.Filename);
        return mime == File.Mime ? null : new SniffedType(mime, MediaTypes.KindOf(mime, File.Kind == MessageTypes.Voice));
    }
}
