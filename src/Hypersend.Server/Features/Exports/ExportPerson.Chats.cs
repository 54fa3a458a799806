using System.Globalization;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Features.Exports;

/// <summary>The chats the person is in, with what they may read there.</summary>
internal sealed partial class ExportPerson
{
    private async Task<(int Chats, long Messages)> PutChatsAsync(IExportTarget target, UserId user, CancellationToken cancellation)
    {
        var all = new List<ChatSummary>();
        ActivityMark? after = null;
        while (true)
        {
            var found = await chats.ListAsync(user, new ListWish(null, after, AtOnce), cancellation);
            if (found.Count == 0)
                break;
            var now = clock.GetUtcNow();
            all.AddRange(found.Select(seen => seen.Show(user, now, presence)));
            after = new ActivityMark(found[^1].Row.ActivityAt, found[^1].Row.No);
        }

        // What moves up in the list meanwhile comes twice.
        all = [.. all.DistinctBy(chat => chat.Id)];
        await PutLinesAsync(target, "chats.jsonl", all, HypersendJson.Wire.ChatSummary, cancellation);
        var total = 0L;
        foreach (var chat in all)
        {
            await PutMembersAsync(target, user, chat.Id, cancellation);
            total += await PutMessagesAsync(target, user, chat.Id, cancellation);
            if ((await scheduled.ListAsync(user, chat.Id, cancellation)).Succeeded(out var waiting, out _) && waiting.Count > 0)
                await PutAsync(target, $"chats/{chat.Id}/scheduled.json", new Page<ScheduledMessage> { Items = waiting }, HypersendJson.Wire.PageOfScheduled, cancellation);
        }

        return (all.Count, total);
    }

    private async Task PutMembersAsync(IExportTarget target, UserId user, ChatId chat, CancellationToken cancellation)
    {
        var people = new List<ChatMember>();
        UserId after = default;
        while ((await members.ListAsync(user, chat, after, AtOnce, cancellation)).Succeeded(out var found, out _) && found.Count > 0)
        {
            people.AddRange(found.Select(member => member.Show(user, presence)));
            after = found[^1].User.Id;
        }

        await PutAsync(target, $"chats/{chat}/members.json", new Page<ChatMember> { Items = people }, HypersendJson.Wire.PageOfMembers, cancellation);
    }

    private async Task<long> PutMessagesAsync(IExportTarget target, UserId user, ChatId chat, CancellationToken cancellation)
    {
        var count = 0L;
        await target.PutAsync(string.Create(CultureInfo.InvariantCulture, $"chats/{chat}/messages.jsonl"), async stream =>
        {
            var after = 0L;
            while ((await messages.PageAsync(user, chat, new PageWish(null, after, null, AtOnce, null), cancellation)).Succeeded(out var page, out _) && page.Items.Count > 0)
            {
                var now = clock.GetUtcNow();
                foreach (var seen in page.Items)
                    await WriteLineAsync(stream, seen.Show(now), HypersendJson.Wire.Message, cancellation);
                count += page.Items.Count;
                after = MessageKey.SeqOf(page.Items[^1].Row.Key);
                if (!page.HasMoreAfter)
                    break;
            }
        });
        return count;
    }
}
