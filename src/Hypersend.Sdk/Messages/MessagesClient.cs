using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Messages;

/// <summary>What is said in chats.</summary>
public sealed partial class MessagesClient
{
    private readonly ApiCaller _caller;

    internal MessagesClient(ApiCaller caller) => _caller = caller;

    /// <summary>Sends a message, now or when its time comes. With a client id it can be repeated and is sent once.</summary>
    [Call("POST", "/api/v1/messages")]
    public Task<SentMessage> SendAsync(SendMessageRequest request, CancellationToken cancellation = default) =>
        SendAsync("/api/v1/messages", request, cancellation);

    /// <summary>A stretch of a chat's history, or of one thread of it: before, after or around a seq, else the newest.</summary>
    [Call("GET", "/api/v1/messages/{id}")]
    public Task<MessagePage> ListAsync(ChatId chat, PageOf? page = null, CancellationToken cancellation = default)
    {
        var path = Query.Of(
            $"/api/v1/messages/{chat}",
            ("before", Text(page?.Before)),
            ("after", Text(page?.After)),
            ("around", Text(page?.Around)),
            ("limit", Text(page?.Limit)),
            ("thread", page?.Thread?.ToString()));
        return _caller.AskAsync(ApiCall.Get(path), HypersendJson.Wire.MessagePage, cancellation);
    }

    /// <summary>One message.</summary>
    [Call("GET", "/api/v1/messages/item/{id}")]
    public Task<Message> GetAsync(MessageId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/messages/item/{id}"), HypersendJson.Wire.Message, cancellation);

    /// <summary>Changes what a message of mine says.</summary>
    [Call("PUT", "/api/v1/messages/{id}")]
    public Task<Message> EditAsync(MessageId id, string content, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Put($"/api/v1/messages/{id}").With(new EditMessageRequest { Content = content }, HypersendJson.Wire.EditMessageRequest),
            HypersendJson.Wire.Message,
            cancellation);

    /// <summary>Leaves a tombstone in place of a message.</summary>
    [Call("DELETE", "/api/v1/messages/{id}")]
    public Task DeleteAsync(MessageId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/messages/{id}"), cancellation);

    /// <summary>What an edited message said before, the first version first; the last is what it says now.</summary>
    [Call("GET", "/api/v1/messages/{id}/history")]
    public Task<Page<MessageVersion>> GetHistoryAsync(MessageId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/messages/{id}/history"), HypersendJson.Wire.PageOfVersions, cancellation);

    /// <summary>How far a message has come with each member.</summary>
    [Call("GET", "/api/v1/messages/{id}/receipts")]
    public Task<Page<Receipt>> ListReceiptsAsync(MessageId id, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get(Query.Page($"/api/v1/messages/{id}/receipts", cursor, limit)), HypersendJson.Wire.PageOfReceipts, cancellation);

    internal async Task<SentMessage> SendAsync(string path, SendMessageRequest request, CancellationToken cancellation)
    {
        using var answer = await _caller.SendAsync(ApiCall.Post(path).With(request, HypersendJson.Wire.SendMessageRequest), cancellation);
        return answer.StatusCode == HttpStatusCode.Accepted
            ? new SentMessage { Scheduled = await ReadAsync(answer, HypersendJson.Wire.ScheduledMessage, cancellation) }
            : new SentMessage
            {
                Message = await ReadAsync(answer, HypersendJson.Wire.Message, cancellation),
                Repeated = answer.StatusCode == HttpStatusCode.OK,
            };
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        await answer.Content.ReadFromJsonAsync(type, cancellation) ?? throw new InvalidOperationException("A send was answered with null.");

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Which stretch of a chat to read; the newest page when nothing is said. At most one of before, after, around.</summary>
public sealed record PageOf
{
    /// <summary>Messages with a lower seq.</summary>
    public long? Before { get; init; }

    /// <summary>Messages with a higher seq.</summary>
    public long? After { get; init; }

    /// <summary>Messages on both sides of this seq, itself among them.</summary>
    public long? Around { get; init; }

    /// <summary>How many, at most 200; 50 when absent.</summary>
    public int? Limit { get; init; }

    /// <summary>Only this message's thread.</summary>
    public MessageId? Thread { get; init; }
}
