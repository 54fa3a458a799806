using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Chats;

/// <summary>What the tests of chats say again and again, as raw requests.</summary>
internal static class ChatCalls
{
    public static string Path(this ChatId chat, string rest = "") => $"/api/v1/chats/{chat}{rest}";

    public static async Task<T> ReadAsync<T>(this Task<HttpResponseMessage> call, JsonTypeInfo<T> type, int status = 200)
    {
        using var answer = await call.AnsweredAsync(status);
        return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), type)!;
    }

    public static Task<HttpResponseMessage> GetAsync(this Person person, string path) => person.SendAsync(HttpMethod.Get, path);

    public static Task<HttpResponseMessage> PostAsync(this Person person, string path, string json = "{}") => person.SendAsync(HttpMethod.Post, path, json);

    public static Task<HttpResponseMessage> PutAsync(this Person person, string path, string json) => person.SendAsync(HttpMethod.Put, path, json);

    public static Task<HttpResponseMessage> DeleteAsync(this Person person, string path) => person.SendAsync(HttpMethod.Delete, path);

    public static Task<Chat> CreateChatAsync(this Person person, string type, string name = "A chat", params Person[] members) =>
        person.MakeChatAsync($$"""{"type":"{{type}}","name":"{{name}}","public":true,"member_ids":[{{Ids(members)}}]}""");

    public static Task<Chat> MakeChatAsync(this Person person, string json) =>
        person.PostAsync("/api/v1/chats", json).ReadAsync(HypersendJson.Wire.Chat, 201);

    public static async Task<Chat> OpenDirectAsync(this Person person, Person other)
    {
        using var answer = await person.PostAsync("/api/v1/chats", $$"""{"type":"direct","member_ids":[{{Ids(other)}}]}""");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), HypersendJson.Wire.Chat)!;
    }

    public static Task<Chat> FindChatAsync(this Person person, ChatId chat) => person.GetAsync(chat.Path()).ReadAsync(HypersendJson.Wire.Chat);

    public static async Task<IReadOnlyList<ChatSummary>> ChatsAsync(this Person person) =>
        (await person.GetAsync("/api/v1/chats?limit=200").ReadAsync(HypersendJson.Wire.PageOfSummaries)).Items;

    public static async Task<ChatSummary?> SummaryAsync(this Person person, ChatId chat) =>
        (await person.ChatsAsync()).SingleOrDefault(one => one.Id == chat);

    public static async Task<IReadOnlyDictionary<UserId, string>> RolesAsync(this Person person, ChatId chat) =>
        (await person.GetAsync(chat.Path("/members?limit=200")).ReadAsync(HypersendJson.Wire.PageOfMembers)).Items
            .ToDictionary(member => member.User.Id, member => member.Role);

    public static Task<HttpResponseMessage> AddAsync(this Person person, ChatId chat, params Person[] people) =>
        person.PostAsync(chat.Path("/members"), $$"""{"user_ids":[{{Ids(people)}}]}""");

    public static Task<HttpResponseMessage> GiveRoleAsync(this Person person, ChatId chat, Person other, string role) =>
        person.PutAsync(chat.Path($"/members/{other.Id}"), $$"""{"role":"{{role}}"}""");

    private static string Ids(params IEnumerable<Person> people) => string.Join(',', people.Select(one => $"\"{one.Id}\""));
}
