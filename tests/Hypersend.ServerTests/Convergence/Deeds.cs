using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.Sdk.Realtime;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Convergence;

/// <summary>What people do, chosen by dice: over HTTP or over the socket, allowed or not, with the network coming and going.</summary>
internal static class Deeds
{
    private static readonly string[] Emojis = ["👍", "🎉", "❤️"];
    private static readonly string[] Roles = [ChatRoles.Admin, ChatRoles.Member, ChatRoles.Owner];

    private static readonly (int Weight, Func<Town, Dice, Task> Do)[] All =
    [
        (30, SendAsync),
        (16, SendBySocketAsync),
        (8, EditAsync),
        (5, DeleteAsync),
        (12, ReactAsync),
        (4, PinAsync),
        (10, ReadAsync),
        (5, ChangeSettingsAsync),
        (2, RenameAsync),
        (3, AddAsync),
        (2, RemoveAsync),
        (2, LeaveAsync),
        (3, JoinAsync),
        (2, ChangeRoleAsync),
        (1, PermitAsync),
        (1, OpenAsync),
        (2, TypeAsync),
        (6, CutAsync),
        (3, GoAwayOrComeBackAsync),
    ];

    private static readonly int Sum = All.Sum(deed => deed.Weight);

    /// <summary>Does one; that something may not be done, or lost its connection, is part of the play.</summary>
    public static async Task DoAsync(Town town, Dice dice)
    {
        var at = dice.Below(Sum);
        var deed = All.First(deed => (at -= deed.Weight) < 0).Do;
        try
        {
            await deed(town, dice);
        }
        catch (HypersendException refusal) when (refusal.Status is 0 or (>= 400 and < 500))
        {
            Assert.NotEqual("internal_error", refusal.Code);
        }
        catch (ConnectionLostException)
        {
            // It happened or not: the state will tell.
        }
    }

    private static async Task SendAsync(Town town, Dice dice)
    {
        var (who, chat) = (dice.Of(town.People), town.AnyChat(dice));
        var request = Compose(town, dice, chat);
        if ((await who.Way(dice).Messages.SendAsync(request)).Message is { } message)
            town.Said.Enqueue(message.Id);
    }

    private static async Task SendBySocketAsync(Town town, Dice dice)
    {
        var live = dice.Of(town.Devices).Live;
        var sending = live.Send(Compose(town, dice, town.AnyChat(dice)));
        LiveState state;
        do
        {
            // Without a connection it stays in the outbox. A refusal stops its chat, so it is given up, as people do.
            state = await live.WhenAsync(state => state.Status != LiveStatus.Live || !IsIn(state) || state.Outbox.Any(message => message.State == SendState.Failed));
            Discard(live);
        }
        while (state.Status == LiveStatus.Live && IsIn(live.State));

        bool IsIn(LiveState at) => at.Outbox.Any(message => message.ClientId == sending.ClientId);
    }

    /// <summary>Gives up everything that was refused.</summary>
    public static void Discard(LiveClient live)
    {
        foreach (var failed in live.State.Outbox.Where(message => message.State == SendState.Failed))
            live.Discard(failed.ClientId);
    }

    private static SendMessageRequest Compose(Town town, Dice dice, ChatId chat)
    {
        var content = $"text {dice.Below(1_000_000)}";
        if (dice.OneIn(5))
            content += $" @{dice.Of(town.People).Person.Username}";
        if (dice.OneIn(10))
            content += " @all";
        var other = town.AnyMessage(dice);
        return new SendMessageRequest
        {
            ChatId = chat,
            Content = content,
            ReplyTo = dice.OneIn(6) ? other : null,
            Thread = dice.OneIn(5) ? other : null,
            ForwardOf = dice.OneIn(15) ? other : null,
        };
    }

    private static Task EditAsync(Town town, Dice dice)
    {
        var (message, content) = (town.AnyMessage(dice), $"edited {dice.Below(1_000_000)}{(dice.OneIn(4) ? " @" + dice.Of(town.People).Person.Username : "")}");
        return dice.OneIn(2) ? dice.Of(town.People).Way(dice).Messages.EditAsync(message, content) : dice.Of(town.Devices).Live.EditAsync(message, content);
    }

    private static Task DeleteAsync(Town town, Dice dice)
    {
        var message = town.AnyMessage(dice);
        return dice.OneIn(2) ? dice.Of(town.People).Way(dice).Messages.DeleteAsync(message) : dice.Of(town.Devices).Live.DeleteAsync(message);
    }

    private static Task ReactAsync(Town town, Dice dice)
    {
        var (message, emoji, on) = (town.AnyMessage(dice), dice.Of(Emojis), !dice.OneIn(3));
        if (dice.OneIn(2))
            return dice.Of(town.Devices).Live.ReactAsync(message, emoji, on);
        var messages = dice.Of(town.People).Way(dice).Messages;
        return on ? messages.ReactAsync(message, emoji) : messages.UnreactAsync(message, emoji);
    }

    private static Task PinAsync(Town town, Dice dice)
    {
        var (messages, message) = (dice.Of(town.People).Way(dice).Messages, town.AnyMessage(dice));
        return dice.OneIn(3) ? messages.UnpinAsync(message) : messages.PinAsync(message);
    }

    private static async Task ReadAsync(Town town, Dice dice)
    {
        var device = dice.Of(town.Devices);
        var known = device.Live.State.Chats.Values.Where(chat => chat.Chat.LastSeq > 0).OrderBy(chat => chat.Chat.Id.Value).ToList();
        if (known.Count == 0)
            return;
        var chat = dice.Of(known);
        var seq = dice.OneIn(3) ? 1 + dice.Below((int)chat.Chat.LastSeq) : chat.Chat.LastSeq;
        if (dice.OneIn(3))
            await device.Owner.Way(dice).Chats.MarkReadAsync(chat.Chat.Id, seq);
        else
            device.Live.MarkRead(chat.Chat.Id, seq);
    }

    private static async Task ChangeSettingsAsync(Town town, Dice dice) => await dice.Of(town.People).Way(dice).Chats.UpdateSettingsAsync(town.AnyChat(dice), dice.Below(4) switch
    {
        0 => new ChatSettingsRequest { Pinned = dice.OneIn(2) },
        1 => new ChatSettingsRequest { Archived = dice.OneIn(2) },
        2 => new ChatSettingsRequest { Draft = new(dice.OneIn(2) ? null : $"draft {dice.Below(100)}") },
        _ => new ChatSettingsRequest { MutedUntil = new(dice.OneIn(2) ? null : new DateTimeOffset(2090, 1, 1 + dice.Below(28), 0, 0, 0, TimeSpan.Zero)) },
    });

    private static async Task RenameAsync(Town town, Dice dice) =>
        await dice.Of(town.People).Way(dice).Chats.UpdateAsync(town.AnyChat(dice), new UpdateChatRequest { Name = $"name {dice.Below(1000)}", Description = dice.OneIn(2) ? "described" : null });

    private static async Task PermitAsync(Town town, Dice dice) => await dice.Of(town.People).Way(dice).Chats.UpdateAsync(
        town.AnyChat(dice), new UpdateChatRequest { Permissions = new ChatPermissions { Pin = dice.OneIn(2), EditInfo = dice.OneIn(2), Invite = dice.OneIn(2), Send = dice.OneIn(4) ? null : true } });

    private static async Task AddAsync(Town town, Dice dice) => await dice.Of(town.People).Way(dice).Chats.AddMembersAsync(town.AnyChat(dice), [dice.Of(town.People).Id]);

    private static async Task RemoveAsync(Town town, Dice dice) => await dice.Of(town.People).Way(dice).Chats.RemoveMemberAsync(town.AnyChat(dice), dice.Of(town.People).Id);

    private static async Task LeaveAsync(Town town, Dice dice) => await dice.Of(town.People).Way(dice).Chats.LeaveAsync(town.AnyChat(dice));

    private static async Task JoinAsync(Town town, Dice dice) => await dice.Of(town.People).Way(dice).Chats.JoinAsync(town.AnyChat(dice));

    private static async Task ChangeRoleAsync(Town town, Dice dice) =>
        await dice.Of(town.People).Way(dice).Chats.ChangeRoleAsync(town.AnyChat(dice), dice.Of(town.People).Id, dice.Of(Roles));

    private static async Task OpenAsync(Town town, Dice dice)
    {
        var (who, other) = (dice.Of(town.People), dice.Of(town.People));
        var type = dice.OneIn(2) ? ChatTypes.Direct : ChatTypes.Group;
        town.Made.Add((await who.Way(dice).Chats.CreateAsync(new CreateChatRequest { Type = type, Name = type == ChatTypes.Group ? "opened" : null, MemberIds = [other.Id] })).Id);
    }

    private static Task TypeAsync(Town town, Dice dice)
    {
        dice.Of(town.Devices).Live.SetTyping(town.AnyChat(dice), dice.OneIn(2));
        return Task.CompletedTask;
    }

    private static Task CutAsync(Town town, Dice dice)
    {
        dice.Of(town.Devices).Sockets.Cut();
        return Task.CompletedTask;
    }

    private static Task GoAwayOrComeBackAsync(Town town, Dice dice)
    {
        var sockets = dice.Of(town.Devices).Sockets;
        if (dice.OneIn(2))
            sockets.GoAway();
        else
            sockets.ComeBack();
        return Task.CompletedTask;
    }
}
