using Dapper;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Members: the list, who comes in, what they are.</summary>
internal sealed partial class SqlChatStore
{
    private const string SelectMember =
        "SELECT m.role, m.joined_at, " + SqlUserStore.ProfileColumns + " FROM chat_members m JOIN users u ON u.id = m.user_id WHERE m.left_at IS NULL";

    public Task<Result<IReadOnlyList<MemberSeen>>> ListAsync(UserId viewer, ChatId id, UserId after, int limit, CancellationToken cancellation) =>
        database.ReadAsync<Result<IReadOnlyList<MemberSeen>>>(
            async sql =>
            {
                if (!(await MayAsync(sql, viewer, id, ChatRules.RefuseMemberList)).Succeeded(out var no, out var refusal))
                    return refusal;
                return Result.Of(await MembersAsync(
                    sql, " AND m.chat_no = @no AND m.user_id > @after ORDER BY m.user_id LIMIT @limit", new { viewer, no, after, limit }));
            },
            cancellation);

    public Task<bool> IsBlockedAsync(long chatNo, UserId user, CancellationToken cancellation) =>
        database.ReadAsync(sql => SqlMessages.IsBlockedAsync(sql, chatNo, user), cancellation);

    public Task<Result<Changed<IReadOnlyList<MemberSeen>>>> AddAsync(
        UserId actor, ChatId id, IReadOnlyCollection<UserId> people, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<IReadOnlyList<MemberSeen>>>>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, id, actor) is not { } chat)
                    return NotFound;
                if (ChatRules.RefuseInvite(chat.Actor) is { } refusal)
                    return refusal;
                var values = new DynamicParameters(new { chat.No });
                var list = IdList.In(values, "id", people);
                var there = await sql.ListAsync<UserId>($"SELECT user_id FROM chat_members WHERE chat_no = @No AND left_at IS NULL AND user_id IN {list}", values);
                UserId[] newcomers = [.. people.Except(there)];
                if (await RefusePeopleAsync(sql, actor, newcomers, "group_audience") is { } unfit)
                    return unfit;
                var banned = await sql.ListAsync<UserId>($"SELECT user_id FROM chat_bans WHERE chat_no = @No AND user_id IN {list}", values);
                if (banned.Count > 0)
                    return ChatAnswers.Naming(ErrorCodes.Banned, banned);
                if (newcomers.Length > ChatLimits.MembersOf(chat.Type) - chat.MemberCount)
                    return new Failure(ErrorCodes.ChatFull);

                var change = newcomers.Length == 0 ? null : await LetInAsync(sql, chat, actor, newcomers, now);
                var byId = new DynamicParameters(new { viewer = actor, chat.No });
                var members = await MembersAsync(sql, $" AND m.chat_no = @No AND m.user_id IN {IdList.In(byId, "id", people)} ORDER BY m.user_id", byId);
                return new Changed<IReadOnlyList<MemberSeen>>(members, change);
            },
            cancellation);

    public Task<Result<Changed<MemberSeen>>> ChangeRoleAsync(
        UserId actor, ChatId id, UserId user, string role, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<MemberSeen>>>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, id, actor) is not { } chat)
                    return NotFound;
                var before = await FindMemberAsync(sql, chat.No, user);
                var otherOwners = await HasOtherOwnerAsync(sql, chat.No, user);
                if (ChatRules.RefuseRole(chat.Actor, actor == user, before?.Role, role, otherOwners) is { } refusal)
                    return refusal;
                var change = before!.Role == role ? null : await GiveRoleAsync(sql, chat, actor, user, before.JoinedAt, role, now);
                var seen = await MembersAsync(sql, " AND m.chat_no = @No AND m.user_id = @user", new { viewer = actor, chat.No, user });
                return new Changed<MemberSeen>(seen[0], change);
            },
            cancellation);

    /// <summary>Puts people in and says so; the chat is saved.</summary>
    private static async Task<ChatChange> LetInAsync(
        SqlSession sql, LockedChat chat, UserId actor, UserId[] people, DateTimeOffset now)
    {
        var steps = new List<ChangeStep>();
        var role = ChatRules.PlainRole(chat.Type);
        var visibleFrom = chat.Actor.MembersMay.HasFlag(MemberRights.History) ? 0 : chat.Seq;
        chat.MemberCount += people.Length;
        chat.MembersVersion++;
        if (chat.IsQuiet)
        {
            await InsertMembersAsync(sql, chat, people, role, now, visibleFrom);
        }
        else
        {
            foreach (var user in people)
            {
                var card = (await CardAsync(sql, user))!;
                steps.Add(await SqlSystemMessage.InsertAsync(sql, chat, actor, new SystemNote { Event = SystemEvents.UserJoined, User = card }, now));
                steps.Add(new MemberStep(++chat.Rev, EventTypes.MemberJoined, card, role, now));
                await InsertMembersAsync(sql, chat, [user], role, now, visibleFrom);
            }
        }

        await chat.SaveAsync(sql, now);
        var change = chat.ToChange() with { JoinedFrom = visibleFrom };
        change.Steps.AddRange(steps);
        change.Joined.AddRange(people);
        return change;
    }

    private static async Task<ChatChange> GiveRoleAsync(
        SqlSession sql, LockedChat chat, UserId actor, UserId user, DateTimeOffset joinedAt, string role, DateTimeOffset now)
    {
        var card = (await CardAsync(sql, user))!;
        var steps = new List<ChangeStep>();

        // A channel is what its publishers write; who runs it is no news for its readers.
        if (chat.Type != ChatTypes.Channel)
        {
            var note = new SystemNote { Event = SystemEvents.RoleChanged, User = card, Role = role };
            steps.Add(await SqlSystemMessage.InsertAsync(sql, chat, actor, note, now));
        }

        steps.Add(new MemberStep(++chat.Rev, EventTypes.MemberUpdated, card, role, joinedAt));
        chat.MembersVersion++;
        await sql.ExecuteAsync(
            "UPDATE chat_members SET role = @role, rev = @Rev WHERE chat_no = @No AND user_id = @user", new { role, chat.Rev, chat.No, user });
        await chat.SaveAsync(sql, now);
        var change = chat.ToChange();
        change.Steps.AddRange(steps);
        return change;
    }

    private static Task<MemberRow?> FindMemberAsync(SqlSession sql, long no, UserId user) => sql.FindAsync<MemberRow>(
        "SELECT role, joined_at FROM chat_members WHERE chat_no = @no AND user_id = @user AND left_at IS NULL", new { no, user });

    private static Task<IReadOnlyList<MemberSeen>> MembersAsync(SqlSession sql, string condition, object values) =>
        sql.ListAsync<MemberRow, Profile, MemberSeen>(SelectMember + condition, values, splitOn: "id", (row, user) => new MemberSeen(row, user!));

    /// <summary>The chat's number for somebody who reads in it, or why they may not.</summary>
    internal static async Task<Result<long>> MayAsync(SqlSession sql, UserId user, ChatId id, Func<Standing, Failure?> refuse)
    {
        var found = await sql.FindAsync<PlaceRow>(
            """
            SELECT c.no, c.type, c.members_may, m.role
            FROM chats c JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @user AND m.left_at IS NULL
            WHERE c.id = @id AND c.deleted_at IS NULL
            """,
            new { user, id });
        if (found is not { } place)
            return NotFound;
        return refuse(new Standing(place.Type, place.Role, place.MembersMay)) is { } refusal ? refusal : place.No;
    }

    private sealed record PlaceRow
    {
        public long No { get; init; }

        public string Type { get; init; } = "";

        public MemberRights MembersMay { get; init; }

        public string Role { get; init; } = "";
    }
}
