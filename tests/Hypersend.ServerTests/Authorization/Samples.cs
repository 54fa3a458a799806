using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Push;

namespace Hypersend.ServerTests.Authorization;

/// <summary>A request that is right in everything but who sends it.</summary>
internal static class Samples
{
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>Queries without which the call is not valid.</summary>
    public static string QueryOf(string route) => route switch
    {
        "GET /api/v1/users/search" or "GET /api/v1/search" or "GET /api/v1/search/messages" or "GET /api/v1/search/files" => "?q=ana",
        "GET /api/v1/updates/check" => "?platform=linux-x64&current_version=1.0",
        "PUT /api/v1/files/{upload_id}/chunk" => "?chunk_index=0",
        _ => "",
    };

    public static HttpContent? BodyOf(string route, Person sample, string fresh) => route switch
    {
        "PUT /api/v1/users/me/avatar" => new ByteArrayContent(Png) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } },
        "PUT /api/v1/files/{upload_id}/chunk" or "PUT /api/v1/files/{file_id}/thumbnail" => new ByteArrayContent(Png),
        _ => JsonOf(route, sample, fresh) is { } json ? new StringContent(json, Encoding.UTF8, "application/json") : null,
    };

    /// <summary>The headers that a request by tus needs.</summary>
    public static void SpeakTus(HttpRequestMessage request)
    {
        request.Headers.Add("Tus-Resumable", "1.0.0");
        if (request.Method == HttpMethod.Post)
            request.Headers.Add("Upload-Length", "3");
        if (request.Method != HttpMethod.Patch)
            return;
        request.Headers.Add("Upload-Offset", "0");
        request.Content = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
    }

    /// <summary>The kind of chat that a route of chats is played in.</summary>
    public static string KindOf(string path, Actor actor) => path switch
    {
        _ when actor == Actor.Subscriber => ChatTypes.Channel,
        _ when path.Contains("channels", StringComparison.Ordinal) => ChatTypes.Channel,
        _ when path.Contains("rooms", StringComparison.Ordinal) || path.StartsWith("/api/messages", StringComparison.Ordinal) => ChatTypes.Room,
        "/api/v1/chats/{id}/join" => ChatTypes.Room,
        _ => ChatTypes.Group,
    };

    public static HttpContent? BodyOf(string route, Stage stage, string fresh) =>
        JsonOf(route, stage, fresh) is { } json ? new StringContent(json, Encoding.UTF8, "application/json") : null;

    /// <summary>Under the address of messages, but by the id of their chat.</summary>
    public static bool NamesChat(string route) => route == "GET /api/v1/messages/{id}";

    private static string? JsonOf(string route, Stage stage, string fresh) => route switch
    {
        "POST /api/v1/chats/join" => $$"""{"token":"{{stage.Token}}"}""",
        "POST /api/v1/messages" => $$"""{"chat_id":"{{stage.Chat}}","content":"{{fresh}}"}""",
        _ when route.StartsWith("GET", StringComparison.Ordinal) || route.StartsWith("DELETE", StringComparison.Ordinal) => null,
        _ => route[(route.LastIndexOf('/') + 1)..] switch
        {
            "read" => """{"seq":1}""",
            "settings" => """{"pinned":true}""",
            "members" => $$"""{"user_ids":["{{stage.Newcomer}}"]}""",
            "{user_id}" when route.StartsWith("PUT", StringComparison.Ordinal) => """{"role":"admin"}""",
            "react" => """{"emoji":"👍"}""",
            "{id}" when route.Contains("/messages/", StringComparison.Ordinal) => $$"""{"content":"{{fresh}}"}""",
            "{id}" => $$"""{"description":"{{fresh}}"}""",
            "publish" or "{room_id}" => $$"""{"content":"{{fresh}}"}""",
            _ => "{}",
        },
    };

    private static string? JsonOf(string route, Person sample, string fresh) => route[(route.LastIndexOf('/') + 1)..] switch
    {
        "register" or "signup" => $$"""{"username":"{{fresh}}","email":"{{fresh}}@example.org","password":"correct horse battery"}""",
        "login" => $$"""{"login":"{{sample.Username}}","password":"{{Person.FirstPassword}}"}""",
        "forgot-password" => """{"email":"nobody@example.org"}""",
        "confirm" => """{"token":"unknown"}""",
        "reset-password" => """{"token":"unknown","new_password":"another good password"}""",
        "refresh" => """{"refresh_token":"unknown"}""",
        "change-password" => $$"""{"current_password":"{{Person.FirstPassword}}","new_password":"another good password"}""",
        "enable" or "disable" => """{"code":"000000"}""",
        "updates" => """{"wait":0}""",
        "subscriptions" when route.StartsWith("POST", StringComparison.Ordinal) => JsonSerializer.Serialize(PushSamples.Subscription(), HypersendJson.Wire.SubscribeRequest),
        "release" => $$"""{"platform":"linux-x64","version":"1.0.0","url":"https://example.org/{{fresh}}"}""",
        "initiate" => $$"""{"receiver_id":"{{sample.Id}}","filename":"picture.png","size":1}""",
        "progress" => """{"received":1}""",
        "init" => """{"filename":"picture.png","size":1}""",
        "invites" when route.StartsWith("POST", StringComparison.Ordinal) => "{}",
        "chats" when route.StartsWith("POST", StringComparison.Ordinal) => """{"type":"group","name":"A chat"}""",
        "groups" or "channels" or "rooms" when route.StartsWith("POST", StringComparison.Ordinal) => """{"name":"A chat"}""",
        "me" or "settings" or "{id}" when route.StartsWith("PUT", StringComparison.Ordinal) => "{}",
        _ => null,
    };
}
