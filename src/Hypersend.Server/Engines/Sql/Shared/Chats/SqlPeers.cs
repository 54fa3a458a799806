using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>The other one of each direct chat, as the viewer may see them; one query for all.</summary>
internal static class SqlPeers
{
    public static async Task<IReadOnlyDictionary<long, User>> FindAsync(SqlSession sql, UserId viewer, IReadOnlyCollection<long> directChats, PresenceTable presence)
    {
        if (directChats.Count == 0)
            return new Dictionary<long, User>();
        var values = sql.Dialect.Keys(directChats, new { viewer });
        var seats = await sql.ListAsync<PeerSeat>(
            $"SELECT chat_no, user_id FROM chat_members WHERE chat_no {sql.Dialect.In("keys")} AND user_id <> @viewer", values);
        var profiles = await sql.ListAsync<Profile>(
            SqlUserStore.SelectProfile + $" WHERE u.id IN (SELECT user_id FROM chat_members WHERE chat_no {sql.Dialect.In("keys")} AND user_id <> @viewer)", values);
        var people = profiles.ToDictionary(profile => profile.Id, profile => UserRules.Present(profile, new Viewer(viewer, IsAdmin: false), presence));
        return seats.Where(seat => people.ContainsKey(seat.UserId)).ToDictionary(seat => seat.ChatNo, seat => people[seat.UserId]);
    }

    private sealed record PeerSeat
    {
        public long ChatNo { get; init; }

        public UserId UserId { get; init; }
    }
}
