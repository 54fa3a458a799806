using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Realtime;

/// <summary>A chat as each of some members sees it: their role, their read mark, the other one of a direct chat.</summary>
internal interface IChatViews
{
    Task<IReadOnlyList<(UserId User, Chat View)>> ViewsAsync(long chatNo, IReadOnlyCollection<UserId> users, CancellationToken cancellation);
}
