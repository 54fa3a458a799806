using System.Runtime.CompilerServices;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Realtime.Fanout;

/// <summary>
/// Resuming without a hole: first the listener has its seats and keeps back what it hears, then the database is read. What
/// is kept back and was not in what was read comes after it.
/// </summary>
internal sealed class Hello(LiveHub hub, ISyncStore store)
{
    private const int ChatsAtOnce = 200;
    private const int MostTries = 5;

    /// <summary>Reads for a listener that keeps back what it hears, in pieces of some chats each.</summary>
    public async IAsyncEnumerable<SyncAnswer> ReadAsync(
        Listener listener, IReadOnlyDictionary<ChatId, long> cursors, bool coversAll, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (coversAll)
        {
            yield return await ReadSomeAsync(listener, cursors, listener.Only is { } only ? [only] : null, cancellation);
            yield break;
        }

        foreach (var chats in cursors.Keys.Where(listener.Wants).Chunk(ChatsAtOnce))
            yield return await ReadSomeAsync(listener, cursors, chats, cancellation);
    }

    /// <summary>Takes seats in all chats of the person, or in the one the listener wants.</summary>
    public async Task<IReadOnlyList<ListenedChat>> SitInAllAsync(Listener listener, CancellationToken cancellation)
    {
        var chats = await store.ChatsOfAsync(listener.User, cancellation);
        if (listener.Only is not null)
            chats = [.. chats.Where(chat => listener.Wants(chat.Id))];
        await hub.SitAsync(listener, chats, cancellation);
        return chats;
    }

    // Who was found to be in a chat without having a seat there missed what came before the seat: it is read once more.
    private async Task<SyncAnswer> ReadSomeAsync(
        Listener listener, IReadOnlyDictionary<ChatId, long> cursors, IReadOnlyCollection<ChatId>? chats, CancellationToken cancellation)
    {
        var answer = await store.SyncAsync(listener.User, cursors, chats, cancellation);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var unheard = answer.Listened.Where(chat => !listener.HasSeat(chat.No)).ToArray();
            if (unheard.Length == 0)
                break;
            await hub.SitAsync(listener, unheard, cancellation);
            answer = Merge(answer, await store.SyncAsync(listener.User, cursors, [.. unheard.Select(chat => chat.Id)], cancellation));
        }

        return answer;
    }

    private static SyncAnswer Merge(SyncAnswer first, SyncAnswer later)
    {
        var again = later.Listened.Select(chat => chat.No).ToHashSet();
        var ids = later.Listened.Select(chat => chat.Id).Concat(later.Removed).ToHashSet();
        return new SyncAnswer(
            [.. first.Moved.Where(moved => !ids.Contains(moved.Sync.Chat.Id)), .. later.Moved],
            [.. first.States.Where(state => !ids.Contains(state.Id)), .. later.States],
            [.. first.Listened.Where(chat => !again.Contains(chat.No) && !ids.Contains(chat.Id)), .. later.Listened],
            [.. first.Removed, .. later.Removed]);
    }
}
