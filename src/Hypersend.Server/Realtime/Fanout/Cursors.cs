using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Realtime.Fanout;

/// <summary>The cursors of a hello as a client writes them.</summary>
internal static class Cursors
{
    /// <summary>A rev below zero is nothing yet. What is no id is a mistake of the client, which would wait for that chat in vain.</summary>
    public static Result<IReadOnlyDictionary<ChatId, long>> Read(IReadOnlyDictionary<string, long>? written)
    {
        var cursors = new Dictionary<ChatId, long>();
        foreach (var (text, rev) in written ?? new Dictionary<string, long>())
        {
            var chat = IdText.Read<ChatId>(text);
            if (chat == default)
                return Failure.OfField(ErrorCodes.ValidationFailed, "cursors", "must be the revs of chats by the ids of the chats");
            cursors[chat] = Math.Max(rev, 0);
        }

        return Result.Of<IReadOnlyDictionary<ChatId, long>>(cursors);
    }
}
