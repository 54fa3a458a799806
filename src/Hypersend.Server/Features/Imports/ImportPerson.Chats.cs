using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Features.Imports;

/// <summary>The chats: where each goes, who is in it, and what was said there.</summary>
internal sealed partial class ImportPerson
{
    /// <summary>The chats that can go where they belong, and which chat here that is. What went on differently here is left as it is.</summary>
    private async Task<List<(PlannedChat Chat, ChatId To)>> AgreeingAsync(ReadExport export, ImportPlan plan, List<string> leftOut, CancellationToken cancellation)
    {
        var agreeing = new List<(PlannedChat, ChatId)>();
        foreach (var chat in plan.Chats)
        {
            var summary = chat.Summary;
            var to = summary.Type == ChatTypes.Saved ? new ChatId(plan.MyId.Value) : summary.Id;
            var there = await store.FindChatAsync(to, cancellation);
            if (summary.Type == ChatTypes.Direct)
            {
                if (PairOf(plan, chat) is not { } pair)
                {
                    leftOut.Add($"the chat {summary.Id}: the two of it are one person here.");
                    continue;
                }

                there ??= await store.FindDirectAsync(pair.One, pair.Other, cancellation);
            }

            if (there?.DeletedAt is not null)
                leftOut.Add($"the chat {summary.Id}: it was deleted here.");
            else if (there is not null && !await AgreesAsync(export, plan, chat, there, cancellation))
                leftOut.Add($"the chat {summary.Id}: other messages have been written here in its place.");
            else
                agreeing.Add((chat, there?.Id ?? to));
        }

        return agreeing;
    }

    private async Task<bool> AgreesAsync(ReadExport export, ImportPlan plan, PlannedChat chat, ChatHere there, CancellationToken cancellation)
    {
        if (there.Seq == 0)
            return true;
        var same = 0;
        await foreach (var some in BatchesAsync(export, chat, cancellation))
        {
            var marks = some.Where(message => message.Seq <= there.Seq).ToDictionary(message => message.Seq, message => new MessageMark(message.Seq, plan.Of(message.Sender.Id), message.CreatedAt));
            if (marks.Count == 0)
                break;
            var here = await store.MarksAsync(there.No, marks.Keys, cancellation);
            if (here.Any(mark => marks[mark.Seq] != mark))
                return false;
            same += here.Count;
        }

        // Two that have nothing in common are two conversations.
        return same > 0 || chat.IsEmpty;
    }

    private async Task<long> TakeChatAsync(
        ReadExport export, ImportPlan plan, PlannedChat chat, ChatId to, Dictionary<FileId, FileRow> taken, CancellationToken cancellation)
    {
        var summary = chat.Summary;
        if (summary.Type != ChatTypes.Saved)
        {
            await store.MakeChatAsync(
                new ImportedChat
                {
                    Id = to,
                    Type = summary.Type,
                    Name = summary.Type == ChatTypes.Direct ? "" : summary.Name,
                    Description = summary.Description,
                    Public = summary.Public,
                    MembersMay = (long)ChatRules.Change(summary.Type, ChatRules.DefaultRights(summary.Type), summary.Permissions),
                    CreatedBy = plan.Of(summary.CreatedBy),
                    CreatedAt = summary.CreatedAt,
                    Pair = summary.Type == ChatTypes.Direct ? PairOf(plan, chat) : null,
                },
                cancellation);
            foreach (var some in MembersOf(plan, chat).Chunk(AtOnce))
                await store.AddMembersAsync(to, some, clock.GetUtcNow(), cancellation);
        }

        var count = 0L;
        await foreach (var some in BatchesAsync(export, chat, cancellation))
            count += await store.AppendAsync(to, plan.MyId, [.. some.Select(message => ToRow(message, plan, taken))], clock.GetUtcNow(), cancellation);
        return count;
    }

    private static async IAsyncEnumerable<IReadOnlyList<Message>> BatchesAsync(
        ReadExport export, PlannedChat chat, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        // A message may have rows beside its own.
        const int Most = AtOnce / 2;
        var some = new List<Message>(Most);
        await foreach (var message in export.LinesAsync(ReadExport.MessagesOf(chat.Summary.Id), HypersendJson.Wire.Message, cancellation))
        {
            some.Add(message);
            if (some.Count < Most)
                continue;
            yield return some;
            some = new List<Message>(Most);
        }

        if (some.Count > 0)
            yield return some;
    }

    /// <summary>Null when both are the same account here.</summary>
    private static (UserId One, UserId Other)? PairOf(ImportPlan plan, PlannedChat chat)
    {
        var other = chat.Summary.Peer?.Id ?? chat.Members.Select(member => member.User.Id).FirstOrDefault(id => id != plan.Me.Id);
        return other == default || plan.Of(other) == plan.MyId ? null : (plan.MyId, plan.Of(other));
    }

    private static IEnumerable<ImportedMember> MembersOf(ImportPlan plan, PlannedChat chat)
    {
        var summary = chat.Summary;
        yield return new ImportedMember
        {
            User = plan.MyId,
            Role = summary.MyRole ?? ChatRules.PlainRole(summary.Type),
            JoinedAt = chat.Members.FirstOrDefault(member => member.User.Id == plan.Me.Id)?.JoinedAt ?? summary.CreatedAt,
            VisibleFrom = chat.Before,
            MutedUntil = summary.MutedUntil,
            Pinned = summary.Pinned,
            Archived = summary.Archived,
            Draft = summary.Draft,
        };
        foreach (var member in chat.Members.Where(member => plan.Of(member.User.Id) != plan.MyId).DistinctBy(member => plan.Of(member.User.Id)))
        {
            yield return new ImportedMember
            {
                User = plan.Of(member.User.Id),
                Role = member.Role,
                JoinedAt = member.JoinedAt,
                VisibleFrom = VisibleFrom(chat, member.JoinedAt),
            };
        }
    }

    /// <summary>What the person saw others of the chat may see, unless it was said before they came and newcomers are not to see that.</summary>
    private static long VisibleFrom(PlannedChat chat, DateTimeOffset joinedAt)
    {
        var from = chat.Before;
        foreach (var (seq, at) in chat.Times)
        {
            if (at >= joinedAt)
                break;
            from = seq;
        }

        return from;
    }

    private static ImportedMessage ToRow(Message message, ImportPlan plan, Dictionary<FileId, FileRow> taken)
    {
        var mine = message.Reactions.Where(reaction => reaction.Me == true).Select(reaction => reaction.Emoji).Where(MessageRules.IsEmoji).Distinct().ToList();
        var mentions = message.Mentions.Select(plan.Of).ToList();
        if (message.MentionsAll)
            mentions.Insert(0, default);
        var note = message.System is { User: { } user } system ? system with { User = user with { Id = plan.Of(user.Id), AvatarUrl = null } } : message.System;
        var row = new MessageRow
        {
            SenderId = plan.Of(message.Sender.Id),
            Type = message.Type,
            Content = message.Content,
            ClientId = message.ClientId,
            ThreadCount = message.ThreadCount,
            ForwardedFrom = message.ForwardedFrom?.ToString(),
            ForwardedSender = message.ForwardedSender is { } author ? plan.Of(author.Id) : null,
            Mentions = mentions.Count == 0 ? null : JsonSerializer.Serialize([.. mentions], StoredJson.Default.UserIdArray),
            System = note is null ? null : JsonSerializer.Serialize(note, StoredJson.Default.SystemNote),
            Reactions = mine.Count == 0 ? null : JsonSerializer.Serialize([.. mine.Select(emoji => new Reaction { Emoji = emoji, Count = 1 })], StoredJson.Default.ReactionArray),
            Files = message.Files.Count == 0 ? null : JsonSerializer.Serialize([.. message.Files.Select(card => CardOf(card, plan, taken))], StoredJson.Default.SharedFileArray),
            CreatedAt = message.CreatedAt,
            EditedAt = message.EditedAt,

            // When it was pinned is not told.
            PinnedAt = message.Pinned ? message.CreatedAt : null,
            DeletedAt = message.DeletedAt,
            FailedAt = message.FailedAt,
            ExpiresAt = message.ExpiresAt,
        };
        return new ImportedMessage(message.Seq, row)
        {
            ReplySeq = message.ReplyTo?.Seq,
            ThreadSeq = message.Thread?.Seq,
            Files = [.. message.Files.Select((card, place) => (place, card.Id)).Where(one => taken.ContainsKey(one.Id))],
            MyReactions = mine,
            Bookmarked = message.Bookmarked == true,
        };
    }

    /// <summary>Files of others are named in an export and not in it: here they are gone.</summary>
    private static SharedFile CardOf(SharedFile card, ImportPlan plan, Dictionary<FileId, FileRow> taken) => taken.TryGetValue(card.Id, out var file)
        ? FileView.Card(file)
        : card with
        {
            State = card.State is FileStates.Ready or FileStates.Uploading ? FileStates.Removed : card.State,
            OwnerId = plan.Of(card.OwnerId),
            ThumbnailUrl = null,
        };
}
