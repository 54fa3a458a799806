using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Chats;

/// <summary>Where each member's marks are kept: how far they have read, how far messages have reached them.</summary>
internal interface IMarkStore
{
    /// <summary>
    /// Moves marks forward, all in one commit, each with an outcome of its own: null when the person is not in the chat.
    /// A mark never goes back, nor beyond the last message.
    /// </summary>
    Task<IReadOnlyList<MovedMark?>> MoveAsync(IReadOnlyList<MarkMove> moves, CancellationToken cancellation);
}

/// <summary>Move the read mark or the delivered mark of one person in one chat to this message.</summary>
internal sealed record MarkMove(UserId User, ChatId Chat, long Seq, bool IsRead);

/// <summary>Where the marks are now, whether that moved them, and whether the others in the chat are told.</summary>
internal sealed record MovedMark(long ChatNo, ReadMark Mark, long DeliveredSeq, bool Moved, bool ToOthers, bool IsBeyond = false)
{
    /// <summary>The others are told that messages came to this person, not that they were read.</summary>
    public bool HidesReading { get; init; }
}
