namespace Hypersend.Server.Features.Users;

/// <summary>Where the bytes of pictures are kept, each under the hash of its bytes.</summary>
internal interface IAvatarFiles
{
    /// <summary>Durable when the task completes; the same picture twice is kept once.</summary>
    Task KeepAsync(string hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Null when there is no such picture.</summary>
    Task<Stream?> OpenAsync(string hash, CancellationToken cancellation);
}
