using System.Net;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>Reads on in one open answer as long as the caller reads on, and asks anew for any other place.</summary>
internal sealed class S3BlobReader(S3Bucket bucket, string folder) : IBlobReader
{
    private HttpResponseMessage? _answer;
    private Stream _body = Stream.Null;
    private string? _name;
    private long _at;

    public async ValueTask<int> ReadAsync(BlobPlace part, long offsetInPart, Memory<byte> buffer, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetInPart);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetInPart, part.Length);
        ArgumentNullException.ThrowIfNull(part.Name);
        if (offsetInPart == part.Length)
            return 0;
        buffer = buffer[..(int)Math.Min(buffer.Length, part.Length - offsetInPart)];
        if (_answer is not null && _name == part.Name && _at == offsetInPart)
        {
            try
            {
                return buffer.IsEmpty ? 0 : await ReadOnAsync(buffer, cancellation);
            }
            catch (EngineUnavailableException)
            {
                // A line that broke after the first bytes says little: whether the server is away shows when it is asked again.
                Close();
            }
        }

        await AskAsync(part, offsetInPart, cancellation);
        return buffer.IsEmpty ? 0 : await ReadOnAsync(buffer, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private Task<int> ReadOnAsync(Memory<byte> buffer, CancellationToken cancellation) => S3Errors.GuardAsync(
        async () =>
        {
            using var limit = bucket.Limit(cancellation);
            var count = await _body.ReadAsync(buffer, limit.Token);
            if (count == 0)
                throw new EndOfStreamException("The storage ended its answer early.");
            _at += count;
            return count;
        },
        cancellation);

    private Task AskAsync(BlobPlace part, long offset, CancellationToken cancellation) => S3Errors.GuardAsync(
        async () =>
        {
            Close();
            using var limit = bucket.Limit(cancellation);
            var answer = await bucket.SendAsync(HttpMethod.Get, folder + part.Name, limit.Token, from: offset, to: part.Length - 1);
            try
            {
                if (answer.StatusCode == HttpStatusCode.NotFound)
                    throw new FileNotFoundException("Nothing is kept of this part.");
                await S3Errors.ThrowIfRefusedAsync(answer, limit.Token);
                var from = answer.StatusCode == HttpStatusCode.PartialContent ? answer.Content.Headers.ContentRange?.From : 0;
                if (from != offset || answer.Content.Headers.ContentLength != part.Length - offset)
                    throw new IOException("The storage answered with another range than was asked for.");
                _body = await answer.Content.ReadAsStreamAsync(limit.Token);
            }
            catch
            {
                answer.Dispose();
                throw;
            }

            (_answer, _name, _at) = (answer, part.Name, offset);
        },
        cancellation);

    private void Close()
    {
        _answer?.Dispose();
        _answer = null;
    }
}
