using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>
/// A part for a store that takes only whole ones: it gathers in a file of its own, which has no name, and goes to the store
/// when it is known how long it is. The file is sealed with a key that is in this object alone: what a server that dies
/// leaves of it says nothing to anybody.
/// </summary>
internal sealed class SpooledWrite(IBlobStore blobs, FileRow file, BlobPlace place) : IBlobWrite
{
    private const int Step = 256 * 1024;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private readonly AesGcm _aes = new(RandomNumberGenerator.GetBytes(KeyBytes), TagBytes);
    private readonly byte[] _nonce = new byte[12];
    private byte[] _gathered = ArrayPool<byte>.Shared.Rent(Step + TagBytes);
    private FileStream? _spool;
    private int _steps;
    private int _rest;

    public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, place.Length - Length, nameof(bytes));
        while (!bytes.IsEmpty)
        {
            var count = (int)Math.Min(Step - _rest, bytes.Length);
            bytes.Slice(0, count).CopyTo(_gathered.AsSpan(_rest));
            bytes = bytes.Slice(count);
            _rest += count;
            if (_rest == Step)
                await SpoolAsync(cancellation);
        }
    }

    public async ValueTask<string?> FinishAsync(CancellationToken cancellation)
    {
        await using var write = await blobs.WriteAsync(file.BytesId, place with { Length = Length, Name = null }, cancellation);
        if (_spool is not null)
        {
            _spool.Position = 0;
            var step = ArrayPool<byte>.Shared.Rent(Step + TagBytes);
            try
            {
                for (var number = 0; number < _steps; number++)
                {
                    await _spool.ReadExactlyAsync(step.AsMemory(0, Step + TagBytes), cancellation);
                    _aes.Decrypt(Nonce(number), step.AsSpan(0, Step), step.AsSpan(Step, TagBytes), step.AsSpan(0, Step));
                    await write.WriteAsync(new ReadOnlySequence<byte>(step, 0, Step), cancellation);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(step);
            }
        }

        await write.WriteAsync(new ReadOnlySequence<byte>(_gathered, 0, _rest), cancellation);
        return await write.FinishAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _aes.Dispose();
        if (_gathered.Length > 0)
            ArrayPool<byte>.Shared.Return(_gathered);
        _gathered = [];
        if (_spool is not null)
            await _spool.DisposeAsync();
    }

    private int Length => (_steps * Step) + _rest;

    private async ValueTask SpoolAsync(CancellationToken cancellation)
    {
        _aes.Encrypt(Nonce(_steps), _gathered.AsSpan(0, Step), _gathered.AsSpan(0, Step), _gathered.AsSpan(Step, TagBytes));
        try
        {
            _spool ??= new FileStream(
                Path.Combine(Path.GetTempPath(), "hypersend-" + Path.GetRandomFileName()),
                new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = System.IO.FileOptions.DeleteOnClose, BufferSize = 0 });
            await _spool.WriteAsync(_gathered.AsMemory(0, Step + TagBytes), cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The room for what is on its way is full or missing; what was written down stays.
            throw new EngineUnavailableException("storage", exception);
        }

        _steps++;
        _rest = 0;
    }

    /// <summary>A step is sealed once and has a number of its own.</summary>
    private byte[] Nonce(int step)
    {
        BinaryPrimitives.WriteInt32BigEndian(_nonce, step);
        return _nonce;
    }
}
