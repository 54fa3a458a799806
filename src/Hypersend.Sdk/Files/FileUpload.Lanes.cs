using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace Hypersend.Sdk.Files;

public sealed partial class FileUpload
{
    private const int HashPiece = 128 * 1024;

    private long _landedAt;

    private TimeSpan Elapsed => _options.Clock.GetElapsedTime(0, _options.Clock.GetTimestamp());

    /// <summary>One of those who send beside each other: a chunk at a time, to its end.</summary>
    /// <param name="upload">Whose lane it is.</param>
    /// <param name="plan">What is to be sent.</param>
    /// <param name="turns">Whose turn it is: so that lanes can become fewer and more.</param>
    /// <param name="taking">Held by the one who reads a stream that passes.</param>
    /// <param name="blocks">Where a chunk of a stream lies until it is there; of a file too when there is room: then it is read once.</param>
    private sealed class Lane(FileUpload upload, UploadPlan plan, Turns turns, SemaphoreSlim taking, Blocks? blocks)
    {
        private readonly List<byte[]> _kept = [];

        public async Task RunAsync(CancellationToken cancellation)
        {
            while (await CarryOneAsync(cancellation))
            {
                // Until there is none any more.
            }
        }

        private async Task<bool> CarryOneAsync(CancellationToken cancellation)
        {
            await turns.TakeAsync(cancellation);
            try
            {
                if (await TakeAsync(cancellation) is not { } piece)
                    return false;
                await CarryAsync(piece, cancellation);
                return true;
            }
            finally
            {
                turns.Give();
            }
        }

        private async Task CarryAsync(Piece piece, CancellationToken cancellation)
        {
            if (plan.IsHere(piece.Index))
            {
                plan.Landed(piece.Index, await DigestAsync(piece, cancellation));
                upload._meter.Landed(piece.Length);
            }
            else
            {
                await SendAsync(piece, cancellation);
            }

            blocks?.Give(_kept);
        }

        /// <summary>The next chunk. A stream that passes is read here, by one after the other.</summary>
        private async Task<Piece?> TakeAsync(CancellationToken cancellation)
        {
            if (upload._source.CanSeek)
                return plan.Take() is { } next ? new Piece(next, plan.OffsetOf(next), plan.LengthOf(next)) : null;
            await taking.WaitAsync(cancellation);
            try
            {
                if (plan.Take() is not { } index)
                    return null;
                var length = plan.LengthOf(index);
                var read = await ReadStreamAsync(plan.OffsetOf(index), length, cancellation);
                if (read < length)
                {
                    if (plan.Size is not null)
                        throw new InvalidDataException("The stream ended before its size.");
                    plan.Over();
                }

                return read == 0 ? null : new Piece(index, plan.OffsetOf(index), read);
            }
            finally
            {
                taking.Release();
            }
        }

        private async Task<int> ReadStreamAsync(long offset, int length, CancellationToken cancellation)
        {
            for (var at = 0; at < length; at += Blocks.Length)
            {
                var block = await blocks!.TakeAsync(cancellation);
                _kept.Add(block);
                var count = Math.Min(Blocks.Length, length - at);
                var read = await upload._source.ReadAsync(offset + at, block.AsMemory(0, count), cancellation);
                if (read < count)
                    return at + read;
            }

            return length;
        }

        private async Task SendAsync(Piece piece, CancellationToken cancellation)
        {
            var tries = new Tries(upload._options);
            while (true)
            {
                // Of a file it is computed anew for each try: what is said of the bytes is true of those that leave.
                var sha256 = await DigestAsync(piece, cancellation);
                upload._source.Check();
                if (await TryAsync(piece, sha256, cancellation) is not { } failure)
                {
                    Land(piece, sha256);
                    upload._meter.Landed();
                    return;
                }

                if (RetryRules.IsOfTheLine(failure))
                    upload._width.Failed(upload.Elapsed);
                if (!tries.MayGoOn(failure, Interlocked.Read(ref upload._landedAt)))
                    ExceptionDispatchInfo.Throw(failure);
                await upload.WaitAsync(failure, tries.Wait(failure), cancellation);
                if (!await IsThereAsync(piece.Index, cancellation))
                    continue;
                Land(piece, sha256);
                upload._meter.Landed(piece.Length);
                return;
            }
        }

        private void Land(Piece piece, byte[] sha256)
        {
            plan.Landed(piece.Index, sha256);
            Interlocked.Exchange(ref upload._landedAt, upload._options.Clock.GetTimestamp());
        }

        /// <summary>Null when it is there.</summary>
        private async Task<Exception?> TryAsync(Piece piece, byte[] sha256, CancellationToken cancellation)
        {
            var (options, passed) = (upload._options, 0L);
            using var stall = new CancellationTokenSource(options.StallAfter, options.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stall.Token);
            try
            {
                await upload._files.SendChunkAsync(plan.Id, piece.Index, Content, sha256, upload._token, either.Token);
                upload._meter.Passed(piece.Length - Interlocked.Read(ref passed));
                return null;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                upload._meter.Lost(Interlocked.Read(ref passed));
                return RetryRules.Told(failure, options, stall.IsCancellationRequested);
            }

            ChunkContent Content()
            {
                // The call is made a second time when the session was renewed on the way.
                upload._meter.Lost(Interlocked.Exchange(ref passed, 0));
                return new ChunkContent(upload._source, piece.Offset, piece.Length, _kept, Count);
            }

            void Count(int bytes)
            {
                stall.CancelAfter(options.StallAfter);
                Interlocked.Add(ref passed, bytes);
                upload._meter.Passed(bytes);
                upload._width.Passed(bytes, upload.Elapsed);
            }
        }

        /// <summary>Whether the server has it after all; when it cannot say, the next try will.</summary>
        private async Task<bool> IsThereAsync(int index, CancellationToken cancellation)
        {
            try
            {
                return UploadPlan.Indexes((await upload.StatusAsync(cancellation)).Received).Contains(index);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested && RetryRules.Of(failure) is NextStep.Again or NextStep.AgainAFewTimes)
            {
                return false;
            }
        }

        private async ValueTask<byte[]> DigestAsync(Piece piece, CancellationToken cancellation)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (_kept.Count > 0)
            {
                for (var at = 0; at < piece.Length; at += Blocks.Length)
                    hash.AppendData(_kept[at / Blocks.Length].AsSpan(0, Math.Min(Blocks.Length, piece.Length - at)));
            }
            else if (blocks is not null && !plan.IsHere(piece.Index))
            {
                await KeepAsync(piece, hash, cancellation);
            }
            else
            {
                await WalkAsync(piece, hash, cancellation);
            }

            return hash.GetHashAndReset();
        }

        private async Task KeepAsync(Piece piece, IncrementalHash hash, CancellationToken cancellation)
        {
            for (var at = 0; at < piece.Length; at += Blocks.Length)
            {
                var block = await blocks!.TakeAsync(cancellation);
                _kept.Add(block);
                await ReadAsync(piece.Offset + at, block.AsMemory(0, Math.Min(Blocks.Length, piece.Length - at)), cancellation);
                hash.AppendData(block.AsSpan(0, Math.Min(Blocks.Length, piece.Length - at)));
            }
        }

        private async Task WalkAsync(Piece piece, IncrementalHash hash, CancellationToken cancellation)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(HashPiece);
            try
            {
                for (var at = 0; at < piece.Length; at += HashPiece)
                {
                    var part = buffer.AsMemory(0, Math.Min(HashPiece, piece.Length - at));
                    await ReadAsync(piece.Offset + at, part, cancellation);
                    hash.AppendData(part.Span);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        private async ValueTask ReadAsync(long offset, Memory<byte> part, CancellationToken cancellation)
        {
            if (await upload._source.ReadAsync(offset, part, cancellation) < part.Length)
                throw new SourceChangedException("The file became shorter while it was sent.");
        }
    }

    private readonly record struct Piece(int Index, long Offset, int Length);
}
