using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Authorization;

/// <summary>
/// A chat made for one request: with an owner, an admin, two who are nothing more, one who was there, a message of the
/// owner, one of theirs that waits, a file of theirs, and a link.
/// </summary>
internal sealed class Stage
{
    private readonly UserId _target;
    private readonly MessageId _message;
    private readonly string _scheduled;
    private readonly FileId _file;

    private Stage(ChatId chat, UserId target, UserId newcomer, MessageId message, string scheduled, FileId file, string token)
    {
        Chat = chat;
        _target = target;
        Newcomer = newcomer;
        _message = message;
        _scheduled = scheduled;
        _file = file;
        Token = token;
    }

    public ChatId Chat { get; }

    public UserId Newcomer { get; }

    public string Token { get; }

    public static async Task<Stage> SetAsync(Troupe troupe, string kind, string path, bool isMissing)
    {
        var owner = troupe.Owner;
        if (isMissing)
        {
            var nowhere = new ChatId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
            return new Stage(nowhere, troupe.Member.Id, troupe.Newcomer.Id, new MessageId(nowhere, 1), nowhere.ToString(), new FileId(nowhere.Value), "unknown");
        }

        // The target of what is done to somebody is the plain member who does not act.
        var (plain, target) = kind == ChatTypes.Channel ? (troupe.Subscriber, troupe.Member) : (troupe.Member, troupe.Subscriber);
        var chat = (await owner.CreateChatAsync(kind, "A chat", troupe.Admin, plain, target, troupe.Former)).Id;
        await owner.GiveRoleAsync(chat, troupe.Admin, ChatRoles.Admin).AnsweredAsync(200);
        await owner.DeleteAsync(chat.Path($"/members/{troupe.Former.Id}")).AnsweredAsync(204);
        var invite = await owner.PostAsync(chat.Path("/invites")).ReadAsync(HypersendJson.Wire.ChatInvite, 201);
        var message = await owner.PostAsync("/api/v1/messages", $$"""{"chat_id":"{{chat}}","content":"hello"}""").ReadAsync(HypersendJson.Wire.Message, 201);
        var scheduled = path.Contains("/scheduled/", StringComparison.Ordinal) ? await ScheduleAsync(owner, chat) : "";
        var file = path.Contains("{file_id}", StringComparison.Ordinal) || path.Contains("{name}", StringComparison.Ordinal) || path.EndsWith("files.zip", StringComparison.Ordinal) ? await owner.SendFileAsync(chat) : default;
        if (path.EndsWith("/thumbnail", StringComparison.Ordinal))
            await owner.Files.SetThumbnailAsync(file, Samples.Png);
        return new Stage(chat, target.Id, troupe.Newcomer.Id, message.Id, scheduled, file, invite.Token);
    }

    public string PathOf(string path, bool namesChat = false) => path
        .Replace("{id}", namesChat ? Chat.ToString() : IdOf(path), StringComparison.Ordinal)
        .Replace("{room_id}", Chat.ToString(), StringComparison.Ordinal)
        .Replace("{user_id}", _target.ToString(), StringComparison.Ordinal)
        .Replace("{file_id}", _file.ToString(), StringComparison.Ordinal)
        .Replace("{name}", _file + ".bin", StringComparison.Ordinal)
        .Replace("{token}", Token, StringComparison.Ordinal)
        .Replace("{emoji}", Uri.EscapeDataString("👍"), StringComparison.Ordinal);

    // Only where it is asked for: how many of them somebody may have is limited.
    private static async Task<string> ScheduleAsync(Person owner, ChatId chat)
    {
        var later = JsonSerializer.Serialize(TimeProvider.System.GetUtcNow().AddDays(1), HypersendJson.Wire.DateTimeOffset);
        using var waiting = await owner.PostAsync("/api/v1/messages", $$"""{"chat_id":"{{chat}}","content":"later","send_at":{{later}}}""").AnsweredAsync(202);
        using var scheduled = JsonDocument.Parse(await waiting.Content.ReadAsStringAsync());
        return scheduled.RootElement.GetProperty("scheduled_id").GetString()!;
    }

    private string IdOf(string path) => path switch
    {
        _ when path.Contains("/scheduled/", StringComparison.Ordinal) => _scheduled,
        _ when path.StartsWith("/api/v1/messages", StringComparison.Ordinal) => _message.ToString(),
        _ => Chat.ToString(),
    };
}
