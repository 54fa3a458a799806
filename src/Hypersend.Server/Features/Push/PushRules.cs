using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Push;
using Hypersend.Contracts.Users;

namespace Hypersend.Server.Features.Push;

/// <summary>Who is told of what. In doubt, nobody is.</summary>
internal static class PushRules
{
    /// <summary>In a chat of more people than this, only who is called is told.</summary>
    public const int Crowd = 500;

    /// <summary>How long a connected device has to say something after a message.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);

    /// <summary>Whether all members are told of every message, or only those whom it calls or answers.</summary>
    public static bool TellsEverything(string chatType, int members) => chatType != ChatTypes.Room && members <= Crowd;

    /// <summary>Whose devices may have to be told; null for everybody's, an empty list for nobody's.</summary>
    public static IReadOnlyCollection<UserId>? Concerned(ChatNews news)
    {
        if (news.Messages.Count == 0)
            return [];
        if (TellsEverything(news.Type, news.MemberCount) || news.Messages.Any(message => message.MentionsAll))
            return null;
        return [.. news.Messages.SelectMany(message => message.Mentions).Concat(news.Answered.Values).Distinct()];
    }

    /// <summary>The message to show on this device and why; null when there is none. The newest that calls the person, else the newest.</summary>
    public static (Message Message, string Kind)? Choose(ChatNews news, Recipient device, NotificationSettings? settings, DateTimeOffset now)
    {
        if (settings?.Level == "nothing" || QuietHours.Contain(settings, now))
            return null;
        var onlyCalled = settings?.Level == "mentions" || !TellsEverything(news.Type, news.MemberCount);
        var isMuted = device.MutedUntil > now;
        (Message, string)? newest = null;
        foreach (var message in news.Messages)
        {
            if (message.Sender.Id == device.UserId || message.DeletedAt is not null || news.Blocks.Contains((device.UserId, message.Sender.Id)))
                continue;
            if (message.Seq <= Math.Max(device.ReadSeq, Math.Max(device.VisibleFrom, device.ShownSeq)))
                break;

            // A chat is muted to be left alone by it, and to be found in it all the same: by name, not by @all.
            if (message.Mentions.Contains(device.UserId))
                return (message, PushKinds.Mention);
            if (isMuted)
                continue;
            if (message.MentionsAll)
                return (message, PushKinds.Mention);
            if (news.Answered.TryGetValue(message.Seq, out var answered) && answered == device.UserId)
                newest ??= (message, PushKinds.Reply);
            else if (!onlyCalled)
                newest ??= (message, PushKinds.Message);
        }

        return newest;
    }

    /// <summary>
    /// Of a device that was connected when something happened at <paramref name="stamp"/>: a socket that is open is no proof that somebody
    /// sees it, as a laptop that was closed keeps one for a while. What it says afterwards is.
    /// </summary>
    public static DeviceState StateOf(long? heardAt, long stamp, TimeSpan since) =>
        heardAt > stamp ? DeviceState.Awake : heardAt is null || since >= Grace ? DeviceState.Asleep : DeviceState.Unclear;
}

internal enum DeviceState
{
    /// <summary>It has said something since: it shows the message itself.</summary>
    Awake,

    /// <summary>Connected, and its time to say something is not over.</summary>
    Unclear,

    /// <summary>Gone, or connected and silent.</summary>
    Asleep,
}
