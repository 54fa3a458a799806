using System.Buffers;
using System.Net;

namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>
/// The body of a PUT, fed piece by piece: one that has bytes meets one that takes them, so nothing is copied or kept between
/// the two and the sender is as fast as the server takes.
/// </summary>
internal sealed class S3PartContent(int length, Action moved) : HttpContent
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<ReadOnlySequence<byte>> _offered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _taken;
    private int _begun;

    /// <summary>Nobody looks at offered bytes any more once the request is over and this has completed.</summary>
    public Task Ended => Volatile.Read(ref _begun) == 0 ? Task.CompletedTask : _ended.Task;

    /// <summary>Completes when the bytes have been taken; when the request fails it may never.</summary>
    public Task OfferAsync(ReadOnlySequence<byte> bytes)
    {
        _taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _offered.SetResult(bytes);
        return _taken.Task;
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
            throw new IOException("These bytes went by once and cannot be sent again.");
        try
        {
            for (long left = length; left > 0;)
            {
                var bytes = await _offered.Task.WaitAsync(cancellationToken);
                _offered = new TaskCompletionSource<ReadOnlySequence<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
                foreach (var segment in bytes)
                {
                    await stream.WriteAsync(segment, cancellationToken);
                    moved();
                }

                left -= bytes.Length;
                if (left == 0)
                    await stream.FlushAsync(cancellationToken);
                _taken!.SetResult();
            }
        }
        finally
        {
            _ended.SetResult();
        }
    }
}
