using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Features.Backups;

/// <summary>Puts the bytes of files back, each chunk held against the hash in its row. Small ones go several at a time: they wait for the disk, not for us.</summary>
internal sealed class RestoreFiles(IRestoreTables tables, IBlobStore blobs, IAvatarFiles pictures) : IAsyncDisposable
{
    private const int Block = 256 * 1024;
    private const int SmallFile = 1 << 20;
    private const int AtOnce = 8;

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    public async Task TakeAsync(string name, Stream content, bool isPicture, CancellationToken cancellation)
    {
        FileId id = default;
        string? aside = null;
        if (!isPicture && !BackupNames.TryReadFile(name, out id, out aside))
            throw new BackupRefusedException($"{name} is nothing that a backup has.");

        var head = await ReadHeadAsync(content, cancellation);
        if (head.Length > SmallFile)
        {
            if (isPicture || aside is not null)
                throw new BackupRefusedException($"{name} is larger than any picture.");
            await using var joined = new JoinedStream(head, content);
            await WriteAsync(id, joined, cancellation);
            return;
        }

        await _places.WaitAsync(cancellation);
        var writing = WriteSmallAsync(name, id, aside, isPicture, head, cancellation);
        _running[writing] = true;
        _ = writing.ContinueWith(ended => ended.IsCompletedSuccessfully && _running.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        foreach (var failed in _running.Keys.Where(task => task.IsFaulted))
            await failed;
    }

    /// <summary>Waits for all, and makes the places of those that have no bytes yet.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(_running.Keys);
        foreach (var id in await tables.EmptyAsync(cancellation))
            await blobs.CreateAsync(id, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever goes because something failed has told why; the others end by themselves.
        await Task.WhenAll(_running.Keys.Select(task => task.ContinueWith(static ended => ended.Exception, TaskScheduler.Default)));
        _places.Dispose();
    }

    /// <summary>A small file whole, so that the next one can be read while it is written; of a larger one a little more than that.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadHeadAsync(Stream content, CancellationToken cancellation)
    {
        var head = new ArrayBufferWriter<byte>();
        int count;
        do
        {
            count = await content.ReadAsync(head.GetMemory(Math.Clamp(head.WrittenCount, 4096, Block)), cancellation);
            head.Advance(count);
        }
        while (count > 0 && head.WrittenCount <= SmallFile);
        return head.WrittenMemory;
    }

    private async Task WriteSmallAsync(string name, FileId id, string? aside, bool isPicture, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            if (isPicture)
            {
                await pictures.KeepAsync(name[(name.LastIndexOf('/') + 1)..], bytes, cancellation);
            }
            else if (aside is not null)
            {
                await blobs.KeepAsideAsync(id, aside, bytes, cancellation);
            }
            else
            {
                await using var content = new JoinedStream(bytes, Stream.Null);
                await WriteAsync(id, content, cancellation);
            }
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task WriteAsync(FileId id, Stream content, CancellationToken cancellation)
    {
        if (await tables.FindAsync(id, cancellation) is not { } file)
            throw new BackupRefusedException($"The file {id} is in this backup and in none of its rows.");
        await blobs.CreateAsync(id, cancellation);
        var names = new List<(int, string)>();
        var block = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            foreach (var chunk in file.Chunks)
            {
                if (await WriteAsync(id, file, chunk, content, block, cancellation) is { } name)
                    names.Add((chunk.Chunk, name));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        if (names.Count > 0)
            await tables.PlaceAsync(file.No, names, cancellation);
    }

    private async Task<string?> WriteAsync(FileId id, RestoredFile file, ChunkRow chunk, Stream content, byte[] block, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var write = await blobs.WriteAsync(id, new BlobPlace(chunk.Chunk, (long)chunk.Chunk * file.ChunkSize, chunk.Length), cancellation);
        for (var left = chunk.Length; left > 0;)
        {
            var count = await content.ReadAsync(block.AsMemory(0, Math.Min(block.Length, left)), cancellation);
            if (count == 0)
                throw new BackupRefusedException($"The file {id} is cut short in this backup.");
            hash.AppendData(block, 0, count);
            await write.WriteAsync(new ReadOnlySequence<byte>(block, 0, count), cancellation);
            left -= count;
        }

        return hash.GetHashAndReset().AsSpan().SequenceEqual(chunk.Sha256)
            ? await write.FinishAsync(cancellation)
            : throw new BackupRefusedException($"The file {id} is damaged in this backup: chunk {chunk.Chunk} has another hash than its row.");
    }

    /// <summary>What was read ahead, then the rest.</summary>
    private sealed class JoinedStream(ReadOnlyMemory<byte> head, Stream rest) : PullStream
    {
        private int _at;

        protected override ValueTask<int> PullAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            if (_at == head.Length)
                return rest.ReadAsync(buffer, cancellation);
            var count = Math.Min(buffer.Length, head.Length - _at);
            head.Slice(_at, count).CopyTo(buffer);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }
}
