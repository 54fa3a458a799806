using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace Hypersend.Sdk.Files;

public sealed partial class FileDownload
{
    private const int Piece = 256 * 1024;

    private async Task FetchAsync(DownloadPlan plan, int chunk, IDownloadPlace place, CancellationToken cancellation)
    {
        var tries = new Tries(_options);
        using var coming = new Coming();
        while (true)
        {
            if (await TryAsync(plan, chunk, place, coming, cancellation) is not { } failure)
            {
                _meter.Landed();
                return;
            }

            if (RetryRules.IsOfTheLine(failure))
                _width.Failed(Elapsed);
            if (!tries.MayGoOn(failure, Interlocked.Read(ref _movedAt)))
                ExceptionDispatchInfo.Throw(failure);
            await WaitAsync(failure, tries.Wait(failure), cancellation);
        }
    }

    /// <summary>Null when it is there. What came of it before a line broke is gone on with.</summary>
    private async Task<Exception?> TryAsync(DownloadPlan plan, int chunk, IDownloadPlace place, Coming coming, CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(_options.StallAfter, _options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stall.Token);
        try
        {
            await ReadAsync(plan, chunk, place, coming, stall, either.Token);
            var sha256 = coming.Digest();
            if (!plan.IsGood(chunk, sha256))
                throw new DamagedBytesException($"Chunk {chunk} is not what its digest says.");
            place.Land(chunk, sha256);
            return null;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            if (failure is DamagedBytesException)
            {
                _meter.Lost(coming.Length);
                coming.Forget();
            }

            return RetryRules.Told(failure, _options, stall.IsCancellationRequested);
        }
    }

    private async Task ReadAsync(DownloadPlan plan, int chunk, IDownloadPlace place, Coming coming, CancellationTokenSource stall, CancellationToken cancellation)
    {
        var (offset, length) = (plan.OffsetOf(chunk), plan.LengthOf(chunk));
        if (coming.Length == length)
            return;
        await using var bytes = await _origin.OpenAsync(offset + coming.Length, offset + length - 1, plan.ETag, cancellation);
        if (bytes.From != offset + coming.Length || bytes.Length != length - coming.Length)
            throw new DamagedBytesException("The server answered with another range than was asked for.");
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (coming.Length < length)
            {
                var read = await bytes.Stream.ReadAsync(buffer.AsMemory(0, Math.Min(Piece, length - coming.Length)), cancellation);
                if (read == 0)
                    throw new IOException("The answer ended early.");
                place.Write(offset + coming.Length, buffer.AsSpan(0, read));
                coming.Add(buffer.AsSpan(0, read));
                stall.CancelAfter(_options.StallAfter);
                Interlocked.Exchange(ref _movedAt, _options.Clock.GetTimestamp());
                _meter.Passed(read);
                _width.Passed(read, Elapsed);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A chunk while it comes.</summary>
    private sealed class Coming : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public int Length { get; private set; }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            _hash.AppendData(bytes);
            Length += bytes.Length;
        }

        public byte[] Digest() => _hash.GetCurrentHash();

        public void Forget()
        {
            _hash.GetHashAndReset();
            Length = 0;
        }

        public void Dispose() => _hash.Dispose();
    }
}
