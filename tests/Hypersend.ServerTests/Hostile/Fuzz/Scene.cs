using Hypersend.Contracts;
using Hypersend.ServerTests.Authorization;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Hostile.Fuzz;

/// <summary>What has to be there so that junk meets something: people, chats of all kinds, messages, files, an open upload, a link, an offer.</summary>
internal sealed record Scene(IReadOnlyList<Person> People, Known Known)
{
    public static async Task<Scene> SetAsync(App app, int people)
    {
        var all = new List<Person>();
        for (var i = 0; i < people; i++)
            all.Add(await app.SignUpAsync("fuzzer"));
        var other = await app.SignUpAsync("victim");
        var known = new Known();
        known.Add("user", other.Id);
        known.Add("emoji", "👍");
        foreach (var me in all)
        {
            known.Add("user", me.Id);
            foreach (var kind in new[] { "group", "channel", "room" })
            {
                var chat = (await me.CreateChatAsync(kind, "A chat", [other, .. all.Where(one => one != me)])).Id;
                known.Add("chat", chat);
                for (var i = 0; i < 5; i++)
                    known.Add("message", (await me.PostAsync("/api/v1/messages", $$"""{"chat_id":"{{chat}}","content":"hello"}""").ReadAsync(HypersendJson.Wire.Message, 201)).Id);
                known.Add("token", (await me.PostAsync(chat.Path("/invites")).ReadAsync(HypersendJson.Wire.ChatInvite, 201)).Token);
            }

            var file = await me.UploadAsync((await me.CreateChatAsync("group", "Files", [.. all.Where(one => one != me)])).Id);
            await me.Files.SetThumbnailAsync(file, Samples.Png);
            known.Add("file", file);
            known.Add("name", file + ".txt");
            known.Add("upload", (await me.BeginAsync(FileCalls.Chunk * 3L)).UploadId);
            known.Add("upload", (await me.BeginAsync(null)).UploadId);
            known.Add("token", (await me.Files.CreateLinkAsync(file)).Url!.Split('/')[^1]);
            known.Add("transfer", (await me.Transfers.OfferAsync(new() { ReceiverId = other.Id, Filename = "film.mkv", Size = 1 << 20 })).TransferId);
        }

        return new Scene(all, known);
    }
}
