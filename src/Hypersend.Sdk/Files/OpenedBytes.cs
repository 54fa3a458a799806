namespace Hypersend.Sdk.Files;

/// <summary>Bytes that are being fetched: they end with the stream, or with an exception when they were cut.</summary>
public sealed class OpenedBytes : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;

    private OpenedBytes(HttpResponseMessage answer, Stream stream) => (_answer, Stream) = (answer, stream);

    /// <summary>The bytes, in their order.</summary>
    public Stream Stream { get; }

    /// <summary>Where the first of them lies; 0 when the whole is sent, whatever was asked for.</summary>
    public long From => _answer.Content.Headers.ContentRange?.From ?? 0;

    /// <summary>How many there are; null when it is not known yet.</summary>
    public long? Length => _answer.Content.Headers.ContentLength;

    /// <summary>The size of the whole; null when it is not known yet.</summary>
    public long? Size => _answer.Content.Headers.ContentRange is { } range ? range.Length : Length;

    /// <summary>What names exactly these bytes.</summary>
    public string? ETag => _answer.Headers.ETag?.Tag;

    /// <summary>What it is.</summary>
    public string? ContentType => _answer.Content.Headers.ContentType?.MediaType;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        _answer.Dispose();
    }

    internal static async Task<OpenedBytes> OfAsync(HttpResponseMessage answer, CancellationToken cancellation) =>
        new(answer, await answer.Content.ReadAsStreamAsync(cancellation));
}
