using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Chats;

/// <summary>Groups: whoever was invited.</summary>
public sealed class GroupsClient : ChatKindClient
{
    internal GroupsClient(ApiCaller caller)
        : base(caller, "groups")
    {
    }

    /// <summary>My groups, the newest activity first.</summary>
    [Call("GET", "/api/v1/groups")]
    public Task<Page<ChatSummary>> ListAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        Caller.AskAsync(ApiCall.Get(Query.Page(Root, cursor, limit)), HypersendJson.Wire.PageOfSummaries, cancellation);
}
