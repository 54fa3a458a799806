namespace Hypersend.Server.Realtime;

/// <summary>What a bus needs to know of any message.</summary>
internal static class BusMessages
{
    private const int Frame = 128;
    private const int LeaseBytes = 48;

    /// <summary>About how much memory it holds while it waits.</summary>
    public static long Weight(BusMessage message) => Frame + message switch
    {
        ChatCommit commit => Of(commit),
        ChatNotice notice => notice.Json.Length,
        UserNotice notice => notice.Json.Length,
        PersonNotice notice => notice.Json.Length + (notice.Chats.Count * sizeof(long)),
        PresenceNews news => news.Leases.Count * LeaseBytes,
        DevicesSought sought => sought.Devices.Count * LeaseBytes,
        DevicesFound found => found.Devices.Count * LeaseBytes,
        _ => 0,
    };

    /// <summary>Over by the time it would matter: the first to be left behind when there is too much to carry.</summary>
    public static bool IsPassing(BusMessage message) => message is ChatNotice { Kind: NoticeKind.Typing } or PresenceNews or DevicesSought or DevicesFound;

    private static long Of(ChatCommit commit)
    {
        var sum = 0L;
        for (var i = 0; i < commit.Events.Count; i++)
            sum += Frame + commit.Events[i].Json.Length;
        for (var i = 0; i < commit.Moves.Count; i++)
            sum += Frame + commit.Moves[i].Json.Length;
        return sum;
    }
}
