using System.Buffers;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>A part on its way into an object of its own. It is there when the server has said 200, and not before.</summary>
internal sealed class S3BlobWrite : IBlobWrite
{
    private static readonly byte[] Filling = new byte[64 * 1024];

    private readonly S3BlobStore _store;
    private readonly S3Bucket _bucket;
    private readonly BlobPlace _place;
    private readonly string _name;
    private readonly string _key;
    private readonly CancellationTokenSource _end;
    private readonly S3PartContent _content;
    private readonly Task _put;
    private long _length;
    private bool _finished;
    private bool _disposed;

    public S3BlobWrite(S3BlobStore store, S3Bucket bucket, string folder, BlobPlace place, string name)
    {
        (_store, _bucket, _place, _name, _key) = (store, bucket, place, name, folder + name);
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, bucket.Clock);
        _content = new S3PartContent(place.Length, ExpectMore);
        ExpectMore();
        _put = PutAsync();
    }

    public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, _place.Length - _length, nameof(bytes));
        cancellation.ThrowIfCancellationRequested();
        if (bytes.IsEmpty)
            return;

        ExpectMore();
        await using var _ = cancellation.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), _end);
        var taken = _content.OfferAsync(bytes);
        await Task.WhenAny(taken, _put);
        if (!taken.IsCompleted)
        {
            // The bytes are the caller's again only when nobody is in the middle of sending them.
            await EndAsync();
            cancellation.ThrowIfCancellationRequested();
            await AnswerAsync(cancellation);
            throw S3Errors.Translate(new IOException("The storage answered before it had all."), cancellation);
        }

        _length += bytes.Length;
        // From here on the client is waited for, and it has its own limits.
        if (_length < _place.Length)
            _end.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public async ValueTask<string?> FinishAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // The length was told to the server before the first byte. What is missing is filled up, and no reader asks for it.
        while (_length < _place.Length)
            await WriteAsync(new ReadOnlySequence<byte>(Filling, 0, (int)Math.Min(Filling.Length, _place.Length - _length)), cancellation);
        ExpectMore();
        await AnswerAsync(cancellation);
        _finished = true;
        return _name;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (!_finished)
        {
            await EndAsync();
            // Also when little was sent: what a server makes of half a body is not for us to guess.
            _store.Forget(_key);
        }

        _end.Dispose();
    }

    private async Task PutAsync()
    {
        using var answer = await _bucket.SendAsync(HttpMethod.Put, _key, _end.Token, _content);
        await S3Errors.ThrowIfRefusedAsync(answer, _end.Token);
    }

    private Task AnswerAsync(CancellationToken cancellation) => S3Errors.GuardAsync(() => _put.WaitAsync(cancellation), cancellation);

    private async Task EndAsync()
    {
        await _end.CancelAsync();
        // How it ended does not matter here; who asked for its answer has been told.
        await _put.ContinueWith(static put => put.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await _content.Ended;
    }

    private void ExpectMore() => _end.CancelAfter(_bucket.Patience.Stall);
}
