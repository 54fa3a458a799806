using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Previews;

/// <summary>Pages that were looked at, copies of their pictures, and which messages show them.</summary>
internal interface IPreviewStore
{
    /// <summary>What is remembered of a page; null when it has to be fetched.</summary>
    Task<KnownPage?> FindAsync(byte[] urlHash, DateTimeOffset now, CancellationToken cancellation);

    Task KeepAsync(byte[] urlHash, KnownPage page, PreviewImage? image, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation);

    Task<PreviewImage?> FindImageAsync(Guid id, CancellationToken cancellation);

    /// <summary>Whether a message may still get a preview: it is there, and nobody wants it without.</summary>
    Task<bool> IsWantedAsync(long messageKey, CancellationToken cancellation);

    /// <summary>Puts a preview on a message. Null when that changes nothing: its link is another by now, or it is gone.</summary>
    Task<ChatChange?> AttachAsync(long messageKey, LinkPreview preview, Guid? image, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Takes the preview off a message, for good: its author may, and the staff of the chat.</summary>
    Task<Result<Changed<Done>>> RemoveAsync(UserId actor, MessageId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Forgets pages after their time, and pictures that nobody shows.</summary>
    Task SweepAsync(DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>What a page says of itself; without a card there is nothing to show.</summary>
internal sealed record KnownPage(LinkPreview? Card, Guid? ImageId);

internal sealed record PreviewImage
{
    public Guid Id { get; init; }

    public string Mime { get; init; } = "";

    public byte[] Bytes { get; init; } = [];
}
