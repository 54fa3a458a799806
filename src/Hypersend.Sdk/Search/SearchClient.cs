using System.Globalization;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Search;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Search;

/// <summary>
/// Finds what was said and sent in my chats. A query has words (each finds words that begin so), "phrases", -words, and the
/// operators from: in: has: before: after: filename: size&gt; mentions:me is:pinned.
/// </summary>
public sealed class SearchClient
{
    private readonly ApiCaller _caller;

    internal SearchClient(ApiCaller caller) => _caller = caller;

    /// <summary>A few people, chats, files and messages.</summary>
    [Call("GET", "/api/v1/search")]
    public Task<SearchAnswer> AnythingAsync(string query, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Get(Query.Of("/api/v1/search", ("q", query), ("limit", limit?.ToString(CultureInfo.InvariantCulture)))),
            HypersendJson.Wire.SearchAnswer,
            cancellation);

    /// <summary>Messages, the newest first; of one chat or of all of mine.</summary>
    [Call("GET", "/api/v1/search/messages")]
    public Task<Page<FoundMessage>> MessagesAsync(
        string query, ChatId? chat = null, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Get(Query.Page(Query.Of("/api/v1/search/messages", ("q", query), ("chat_id", chat?.ToString())), cursor, limit)),
            HypersendJson.Wire.PageOfFoundMessages,
            cancellation);

    /// <summary>Files by their names, the newest first; of one chat or of all of mine.</summary>
    [Call("GET", "/api/v1/search/files")]
    public Task<Page<FoundFile>> FilesAsync(
        string query, ChatId? chat = null, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Get(Query.Page(Query.Of("/api/v1/search/files", ("q", query), ("chat_id", chat?.ToString())), cursor, limit)),
            HypersendJson.Wire.PageOfFoundFiles,
            cancellation);
}
