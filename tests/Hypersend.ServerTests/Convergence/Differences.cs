using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Sdk.Realtime;

namespace Hypersend.ServerTests.Convergence;

/// <summary>Where what events made of a device's state is not what the server says when it is asked.</summary>
internal static class Differences
{
    public static IReadOnlyList<string> Between(Device device, FreshLook fresh)
    {
        var found = new List<string>();
        var state = device.Live.State;
        var me = device.Owner.Id;
        foreach (var id in state.Chats.Keys.Except(fresh.Chats.Keys))
            found.Add($"{id}: a chat that is not there");
        foreach (var (id, chat) in fresh.Chats)
        {
            if (state.Chats.TryGetValue(id, out var known))
                found.AddRange(OfChat(me, known, chat, device).Select(difference => $"{chat.Summary.Type} {id}: {difference}"));
            else
                found.Add($"{chat.Summary.Type} {id}: a chat is missing");
        }

        foreach (var id in device.Shown.Twice)
            found.Add($"{id}: shown twice");
        return found;
    }

    private static IEnumerable<string> OfChat(UserId me, LiveChat known, FreshChat fresh, Device device)
    {
        var summary = fresh.Summary;
        var isQuiet = IsQuiet(fresh);
        foreach (var (what, here, there) in new (string, object?, object?)[]
        {
            ("rev", known.Rev, summary.Rev),
            ("last_seq", known.Chat.LastSeq, summary.LastSeq),
            ("name", known.Chat.Name, summary.Name),
            ("description", known.Chat.Description, summary.Description),
            ("permissions", known.Chat.Permissions, summary.Permissions),
            ("member_count", isQuiet ? 0 : known.Chat.MemberCount, isQuiet ? 0 : summary.MemberCount),
            ("my_role", known.Chat.MyRole, summary.MyRole),
            ("unread", known.Mine.Unread, summary.Unread),
            ("mentions", known.Mine.Mentions, summary.Mentions),
            ("muted_until", known.Mine.MutedUntil, summary.MutedUntil),
            ("pinned", known.Mine.Pinned, summary.Pinned),
            ("archived", known.Mine.Archived, summary.Archived),
            ("draft", known.Mine.Draft, summary.Draft),
            ("read mark", fresh.Beyond(me, known.Mine.ReadSeq), fresh.Beyond(me, summary.ReadSeq ?? 0)),
        })
        {
            if (!Equals(here, there))
                yield return $"{what} is {here}, and should be {there}";
        }

        foreach (var difference in OfMembers(known, fresh).Concat(OfMessages(known, fresh, device)))
            yield return difference;
    }

    /// <summary>Rooms and channels tell nobody of plain members who come and go.</summary>
    private static bool IsQuiet(FreshChat fresh) => fresh.Summary.Type is ChatTypes.Room or ChatTypes.Channel;

    private static IEnumerable<string> OfMembers(LiveChat known, FreshChat fresh)
    {
        var isQuiet = IsQuiet(fresh);
        if (!isQuiet && known.Members is not null && fresh.Members is not null)
        {
            var here = string.Join(", ", known.Members.Select(member => $"{member.Key} {member.Value.Role}").Order(StringComparer.Ordinal));
            var there = string.Join(", ", fresh.Members.Select(member => $"{member.Key} {member.Value}").Order(StringComparer.Ordinal));
            if (here != there)
                yield return $"members are [{here}], and should be [{there}]";
        }

        foreach (var (user, marks) in fresh.Peers)
        {
            var peer = known.Peers.GetValueOrDefault(user) ?? new PeerMarks { Read = 0, Delivered = 0 };
            var read = fresh.Beyond(user, peer.Read).CompareTo(fresh.Beyond(user, marks.Read));
            var delivered = fresh.Beyond(user, peer.Delivered).CompareTo(fresh.Beyond(user, marks.Delivered));

            // Who comes in there has read what was before, and nobody hears of it: the mark may only be behind.
            if (isQuiet ? read > 0 || delivered > 0 : read != 0 || delivered != 0)
                yield return $"the marks of {user} are {peer}, and should be {marks}";
        }
    }

    private static IEnumerable<string> OfMessages(LiveChat known, FreshChat fresh, Device device)
    {
        var first = fresh.Messages.Count == 0 ? 1 : fresh.Messages[0].Seq;
        foreach (var (seq, message) in known.Messages)
        {
            var index = (int)(seq - first);
            if (index < 0 || index >= fresh.Messages.Count)
                yield return $"message {seq} is not there";
            else if (Json(message) is var here && Json(AsFarAs(message, fresh.Messages[index])) is var there && here != there)
                yield return $"message {seq} is {here}, and should be {there}";
        }

        // What came after the device began is all there, unless the chat started afresh on it.
        if (device.Began.Chats.TryGetValue(known.Chat.Id, out var began) && !device.Shown.WasReset(known.Chat.Id))
        {
            for (var seq = began.Chat.LastSeq + 1; seq <= known.Chat.LastSeq; seq++)
            {
                if (!known.Messages.ContainsKey(seq))
                    yield return $"message {seq} is missing";
            }
        }

        var pins = known.Messages.Values.Where(message => message.Pinned).Select(message => message.Seq).ToList();
        if (!pins.SequenceEqual(fresh.Pins.Where(seq => known.Messages.ContainsKey(seq))))
            yield return "the pins are others";
    }

    /// <summary>
    /// An old message that was never loaded comes with its next change, as it is for everybody: which of its reactions are
    /// mine it does not say, and the device does not claim to know.
    /// </summary>
    private static Message AsFarAs(Message known, Message fresh) => known.Reactions.Any(reaction => reaction.Me is null)
        ? fresh with { Reactions = [.. fresh.Reactions.Select((reaction, i) => i < known.Reactions.Count && known.Reactions[i].Me is null ? reaction with { Me = null } : reaction)] }
        : fresh;

    /// <summary>Bookmarks are told to nobody.</summary>
    private static string Json(Message message) => JsonSerializer.Serialize(message with { Bookmarked = null }, HypersendJson.Wire.Message);
}
