using System.Security.Cryptography;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Server.Realtime.Polling;

/// <summary>
/// What somebody's chats are like for them: marks, settings, drafts, how far the others are. None of it has a rev, so it is
/// known by a digest that the client brings back.
/// </summary>
internal sealed class OwnStates
{
    /// <summary>The mark of a client that was told nothing yet.</summary>
    public const string Unknown = "";

    private const int MarkBytes = 12;

    private readonly Dictionary<ChatId, (ChatState State, byte[] Json)> _chats;

    public OwnStates(IEnumerable<ChatState> states)
    {
        _chats = states.ToDictionary(state => state.Id, state => (state, Comparable(state)));
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, one) in _chats.OrderBy(chat => chat.Key.Value))
            digest.AppendData(one.Json);
        Mark = Convert.ToHexStringLower(digest.GetHashAndReset().AsSpan(0, MarkBytes));
    }

    /// <summary>Another one whenever something of it is.</summary>
    public string Mark { get; }

    public IReadOnlyList<ChatState> All => [.. _chats.Values.Select(one => one.State)];

    public IReadOnlyList<ChatState> ChangedSince(OwnStates before) =>
        [.. _chats.Where(chat => !before._chats.TryGetValue(chat.Key, out var then) || !then.Json.AsSpan().SequenceEqual(chat.Value.Json)).Select(chat => chat.Value.State)];

    // The rev is the cursor's to compare, and the database gives the others in no order.
    private static byte[] Comparable(ChatState state) => JsonSerializer.SerializeToUtf8Bytes(
        state with { Rev = 0, Peers = state.Peers is { } peers ? new SortedDictionary<string, PeerMarks>(peers.ToDictionary(), StringComparer.Ordinal) : null },
        HypersendJson.Wire.ChatState);
}
