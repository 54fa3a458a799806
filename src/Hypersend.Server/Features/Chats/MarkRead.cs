using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Chats;

/// <summary>Moves my marks forward: read, which includes delivered, or delivered alone.</summary>
internal sealed class MarkRead(MarkWriter writer, MarkNotices notices)
{
    public async Task<Result<ReadMark>> HandleAsync(UserId user, ChatId chat, long seq, bool isRead, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (seq is < 0 or > uint.MaxValue)
            return Failure.OfField(ErrorCodes.ValidationFailed, "seq", "must be the number of a message of this chat");
        if (!(await writer.MoveAsync(new MarkMove(user, chat, seq, isRead))).Succeeded(out var outcome, out var failure))
            return failure;
        switch (outcome.Moved)
        {
            case null:
                return new Failure(ErrorCodes.NotFound);
            case { IsBeyond: true }:
                return Failure.OfField(ErrorCodes.ValidationFailed, "seq", "must be the number of a message of this chat");
            case { Moved: true } moved:
                notices.Tell(user, moved, isRead);
                return moved.Mark;
            case var still:
                return still.Mark;
        }
    }
}
