using System.Collections.Concurrent;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Platform;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>
/// Tells how far somebody is: at most once a second a member and mark, the latest winning. Their own devices always hear
/// it, the others in chats that are small enough for it to mean something.
/// </summary>
internal sealed class MarkNotices(IBus bus, TimeProvider clock, ILogger<MarkNotices> log) : BackgroundLoop(log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(UserId User, long ChatNo, bool IsRead), Told> _told = new();

    public void Tell(UserId user, MovedMark moved, bool isRead)
    {
        var told = _told.GetOrAdd((user, moved.ChatNo, isRead), _ => new Told());
        lock (told)
        {
            if (told.Waiting is null || moved.Mark.ReadSeq >= told.Waiting.Mark.ReadSeq)
                told.Waiting = moved;
            if (clock.GetElapsedTime(told.At) < Every && told.At != 0)
                return;
            Send(user, told, isRead);
        }
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every / 2, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            foreach (var (key, told) in _told)
            {
                lock (told)
                {
                    if (clock.GetElapsedTime(told.At) < Every)
                        continue;
                    if (told.Waiting is not null)
                        Send(key.User, told, key.IsRead);
                    else
                        _told.TryRemove(new(key, told));
                }
            }
        }
    }

    private void Send(UserId user, Told told, bool isRead)
    {
        var moved = told.Waiting!;
        told.Waiting = null;
        told.At = clock.GetTimestamp();
        var mark = new MarkEvent
        {
            Type = isRead ? EventTypes.Read : EventTypes.Delivered,
            ChatId = moved.Mark.ChatId,
            UserId = user,
            Seq = isRead ? moved.Mark.ReadSeq : moved.DeliveredSeq,
        };
        if (moved.ToOthers)
        {
            var shown = isRead && moved.HidesReading ? mark with { Type = EventTypes.Delivered, Seq = moved.DeliveredSeq } : mark;
            bus.Publish(new ChatNotice(
                moved.ChatNo, user, shown.Type == EventTypes.Read ? NoticeKind.Read : NoticeKind.Delivered, EventJson.Of(shown, HypersendJson.Wire.MarkEvent)));
        }

        if (isRead)
            mark = mark with { Unread = moved.Mark.Unread, Mentions = moved.Mark.Mentions };
        bus.Publish(new UserNotice(user, EventJson.Of(mark, HypersendJson.Wire.MarkEvent)));
    }

    private sealed class Told
    {
        /// <summary>The last timestamp at which something was said; 0 for never.</summary>
        public long At { get; set; }

        public MovedMark? Waiting { get; set; }
    }
}
