using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>The hot path: many messages, one transaction, numbers without gaps.</summary>
internal sealed partial class SqlMessageStore
{
    public Task<AppendedBatch> AppendAsync(IReadOnlyList<NewMessage> batch, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(sql => new AppendRun(sql, batch, now).RunAsync(), cancellation);

    private static readonly Result<IReadOnlyList<FileRow>> NoFiles = new List<FileRow>();

    /// <summary>One run of one batch; a replay starts with a new one.</summary>
    private sealed class AppendRun(SqlSession sql, IReadOnlyList<NewMessage> batch, DateTimeOffset now)
    {
        private readonly Result<Appended>[] _outcomes = new Result<Appended>[batch.Count];
        private readonly Dictionary<(ChatId, UserId), OpenMarks> _senders = [];
        private readonly Dictionary<long, OpenHead> _heads = [];
        private readonly Dictionary<(long, UserId, string), Appended> _sent = [];
        private readonly Dictionary<long, int> _threads = [];
        private readonly Dictionary<long, ChatChange> _changes = [];
        private readonly List<MessageRow> _rows = [];
        private readonly List<long> _unpreviewed = [];
        private readonly List<(UserId Mentioned, long Key, UserId Sender)> _mentions = [];
        private readonly List<(long Key, int Place, FileRow File)> _files = [];

        public async Task<AppendedBatch> RunAsync()
        {
            await OpenAsync();
            for (var i = 0; i < batch.Count; i++)
                _outcomes[i] = await AppendAsync(batch[i]);
            await WriteAsync();
            return new AppendedBatch(_outcomes, [.. _changes.Values]);
        }

        private async Task OpenAsync()
        {
            var senders = new HashSet<(ChatId, UserId)>();
            var clientIds = new List<(ChatId, UserId, string)>();
            foreach (var message in batch)
            {
                senders.Add((message.Chat, message.Sender));
                if (message.ClientId is { } clientId)
                    clientIds.Add((message.Chat, message.Sender, clientId));
            }

            var opened = await sql.Dialect.Append.OpenAsync(sql, senders, clientIds);
            foreach (var row in opened.Senders)
            {
                _senders[(row.ChatId, row.UserId)] = new OpenMarks(row);
                _heads.TryAdd(row.ChatNo, new OpenHead(row));
            }

            foreach (var found in opened.Sent)
            {
                var row = (await SqlMessages.FindAsync(sql, found.Key))!;
                _sent[(MessageKey.ChatOf(found.Key), found.SenderId, found.ClientId)] = new Appended(row, Repeated: true);
            }
        }

        private async Task<Result<Appended>> AppendAsync(NewMessage message)
        {
            if (!_senders.TryGetValue((message.Chat, message.Sender), out var sender) || sender.Row.Role is not { } role)
                return new Failure(ErrorCodes.NotFound);
            var place = (sender.Row.ChatNo, message.Sender, message.ClientId ?? "");
            if (message.ClientId is not null && _sent.TryGetValue(place, out var before))
            {
                await UseUpAsync(message.Scheduled);
                return before;
            }

            if (message.Scheduled is { } scheduled &&
                await sql.FindAsync<ScheduledId?>("SELECT id FROM scheduled_messages WHERE id = @scheduled" + sql.Dialect.ForUpdate, new { scheduled }) is null)
            {
                return new Failure(ErrorCodes.NotSent);
            }

            if (!MessageRights.MaySend(sender.Row.ChatType, role, sender.Row.MembersMay))
                return new Failure(ErrorCodes.Forbidden);
            if (sender.Row.Blocked)
                return new Failure(ErrorCodes.Blocked);

            var head = _heads[sender.Row.ChatNo];
            var row = ToRow(message, sender.Row, head);
            if (message.ReplyTo is { } reply)
            {
                if (reply.Chat != message.Chat || reply.Seq <= sender.Row.VisibleFrom || reply.Seq > head.Seq)
                    return Failure.OfField(ErrorCodes.UnknownReference, "reply_to", "must be a message of this chat");
                row = row with { ReplyKey = MessageKey.Of(head.ChatNo, reply.Seq) };
            }

            if (message.Thread is { } thread)
            {
                if (thread.Chat != message.Chat || thread.Seq <= sender.Row.VisibleFrom || await FindRootAsync(MessageKey.Of(head.ChatNo, thread.Seq)) is not { } root)
                    return Failure.OfField(ErrorCodes.UnknownReference, "thread", "must be a message of this chat");
                row = row with { ThreadKey = root };
            }

            MessageRow? original = null;
            if (message.ForwardOf is { } source)
            {
                original = await SqlMessages.FindVisibleAsync(sql, message.Sender, source);
                if (original is not { Type: not MessageTypes.System, DeletedAt: null } || IsOver(original))
                    return Failure.OfField(ErrorCodes.UnknownReference, "forward_of", "must be a message that I see");
                row = ForwardedFrom(row, original, source);
            }

            if (!(await FindFilesAsync(message, original)).Succeeded(out var files, out var refusal))
                return refusal;
            if (files.Count > 0)
                row = row with { Type = files[0].Kind, Files = SqlFiles.ToColumn(files) };
            else if (string.IsNullOrWhiteSpace(row.Content))
            {
                // It said nothing but files, and they are gone.
                return original?.Files is null ? Failure.OfField(ErrorCodes.EmptyMessage, "content", "must not be empty") : new Failure(ErrorCodes.FileGone);
            }

            var mentioned = await Mentioning.FindAsync(sql, row.Content!, head.ChatNo, role);
            if (mentioned.Count > 0)
                row = row with { Mentions = Mentioning.ToColumn(mentioned) };
            await UseUpAsync(message.Scheduled);
            return Take(row, message, sender, head, mentioned, files);
        }

        // Only what was sent: a refusal leaves the row, to tell its author why.
        private async Task UseUpAsync(ScheduledId? scheduled)
        {
            if (scheduled is { } id)
                await sql.ExecuteAsync("DELETE FROM scheduled_messages WHERE id = @id", new { id });
        }

        private Appended Take(
            MessageRow row, NewMessage message, OpenMarks sender, OpenHead head, IReadOnlyCollection<UserId> mentioned, IReadOnlyList<FileRow> files)
        {
            sender.Sent(head.Seq + 1, head.Counted, message.MovesReadMark);
            head.Seq++;
            head.Rev++;
            head.Counted++;
            row = row with { Key = MessageKey.Of(head.ChatNo, head.Seq), RevKey = MessageKey.Of(head.ChatNo, head.Rev), Counted = head.Counted };
            _rows.Add(row);
            foreach (var user in Mentioning.RowsOf(mentioned))
                _mentions.Add((user, row.Key, row.SenderId));
            for (var place = 0; place < files.Count; place++)
                _files.Add((row.Key, place, files[place]));
            if (message.NoPreview)
                _unpreviewed.Add(row.Key);
            if (row.ThreadKey is { } root)
                _threads[root] = _threads.GetValueOrDefault(root) + 1;
            ChangeOf(head).Steps.Add(new MessageStep(head.Rev, EventTypes.Message, row));
            var appended = new Appended(row, Repeated: false);
            if (message.ClientId is { } clientId)
                _sent[(head.ChatNo, message.Sender, clientId)] = appended with { Repeated = true };
            return appended;
        }

        private async Task WriteAsync()
        {
            if (_rows.Count == 0)
                return;
            var append = sql.Dialect.Append;
            if (_mentions.Count + _files.Count + _unpreviewed.Count + _threads.Count == 0)
            {
                await append.InsertAndSaveAsync(sql, _rows, MovedMarks(), MovedHeads(), now);
                return;
            }

            await append.InsertAsync(sql, _rows);
            foreach (var (user, key, sender) in _mentions)
                await sql.ExecuteAsync("INSERT INTO mentions (user_id, message_key, sender_id) VALUES (@user, @key, @sender)", new { user, key, sender });
            foreach (var (key, place, file) in _files)
                await CarryAsync(key, place, file);
            foreach (var key in _unpreviewed)
                await sql.ExecuteAsync("INSERT INTO no_previews (message_key) VALUES (@key)", new { key });
            foreach (var (root, count) in _threads)
                await CountThreadAsync(root, count);
            await append.SaveAsync(sql, MovedMarks(), MovedHeads(), now);
        }

        private List<OpenMarks> MovedMarks() => [.. _senders.Values.Where(sender => sender.Moved)];

        private List<OpenHead> MovedHeads() => [.. _heads.Values.Where(head => _changes.ContainsKey(head.ChatNo))];

        // However many answers a thread got in this batch, its first message changes once.
        private async Task CountThreadAsync(long root, int count)
        {
            var head = _heads[MessageKey.ChatOf(root)];
            await sql.ExecuteAsync(
                "UPDATE messages SET thread_count = thread_count + @count, rev_key = @revKey WHERE key = @root",
                new { count, revKey = MessageKey.Of(head.ChatNo, ++head.Rev), root });
            ChangeOf(head).Steps.Add(new MessageStep(head.Rev, EventTypes.MessageUpdated, (await SqlMessages.FindAsync(sql, root))!));
        }

        private ChatChange ChangeOf(OpenHead head)
        {
            if (!_changes.TryGetValue(head.ChatNo, out var change))
                _changes[head.ChatNo] = change = new ChatChange(head.ChatNo, head.ChatId, head.MembersVersion, head.MemberCount) { Rev = head.Rev };
            change.Rev = head.Rev;
            return change;
        }

        private MessageRow ToRow(NewMessage message, SenderRow sender, OpenHead head) => new()
        {
            Key = MessageKey.Of(head.ChatNo, head.Seq + 1),
            SenderId = message.Sender,
            SenderUsername = sender.Username,
            SenderName = sender.Name,
            SenderAvatar = sender.AvatarHash,
            Type = MessageTypes.Text,
            Content = message.Content,
            ClientId = message.ClientId,
            CreatedAt = now,
            ExpiresAt = message.ExpiresInSeconds is { } seconds ? now.AddSeconds(seconds) : null,
        };

        // Who forwards what was forwarded passes on its first author; what destroys itself does so in every copy.
        private static MessageRow ForwardedFrom(MessageRow row, MessageRow original, MessageId source) => row with
        {
            Type = original.Type,
            Content = original.Content,
            ExpiresAt = original.ExpiresAt < (row.ExpiresAt ?? DateTimeOffset.MaxValue) ? original.ExpiresAt : row.ExpiresAt,
            ForwardedFrom = original.ForwardedFrom ?? source.ToString(),
            ForwardedSender = original.ForwardedSender ?? original.SenderId,
            ForwardedUsername = original.ForwardedSender is null ? original.SenderUsername : original.ForwardedUsername,
            ForwardedName = original.ForwardedSender is null ? original.SenderName : original.ForwardedName,
            ForwardedAvatar = original.ForwardedSender is null ? original.SenderAvatar : original.ForwardedAvatar,
        };

        /// <summary>What it is to carry: files of the sender, or those of the message that is passed on.</summary>
        private async Task<Result<IReadOnlyList<FileRow>>> FindFilesAsync(NewMessage message, MessageRow? original)
        {
            if (message.Files.Count == 0 && original?.Files is null)
                return NoFiles;
            var files = new List<FileRow>();
            if (original?.Files is not null)
            {
                foreach (var row in await SqlFiles.OfMessageAsync(sql, original.Key))
                {
                    if (await SqlFiles.LockAsync(sql, row.Id) is not { EndedAt: null } file)
                        continue;
                    if (file.RetentionMode != RetentionModes.Keep)
                        return new Failure(ErrorCodes.NotForwardable);
                    files.Add(file);
                }
            }

            foreach (var id in message.Files)
            {
                if (await SqlFiles.LockAsync(sql, id) is not { } file || file.OwnerId != message.Sender || file.Role == FileRoles.Part || !(file.IsUploading || file.IsReady))
                    return Failure.OfField(ErrorCodes.UnknownReference, "file_ids", "must be files of mine that are there or on their way");
                files.Add(file);
            }

            return files;
        }

        private async Task CarryAsync(long key, int place, FileRow file)
        {
            await sql.ExecuteAsync("INSERT INTO message_files (message_key, place, file_no) VALUES (@key, @place, @No)", new { key, place, file.No });
            await sql.ExecuteAsync("UPDATE files SET unused_at = NULL WHERE no = @No", new { file.No });

            // Sent when it was here already: those who are to have it are known now.
            if (file is { IsReady: true, RetentionMode: RetentionModes.AfterDelivery })
                await SqlTakers.AwaitAsync(sql, file.No, file.OwnerId);
        }

        private bool IsOver(MessageRow row) => row.ExpiresAt is { } end && end <= now;

        /// <summary>The first message of the thread: an answer inside a thread belongs to the same one.</summary>
        private async Task<long?> FindRootAsync(long key)
        {
            var row = _rows.Find(row => row.Key == key) ?? await SqlMessages.FindAsync(sql, key);
            return row is null || row.Type == MessageTypes.System ? null : row.ThreadKey ?? row.Key;
        }
    }
}
