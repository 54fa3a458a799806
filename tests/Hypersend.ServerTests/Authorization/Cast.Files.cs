using System.Net.Http.Headers;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Authorization;

internal sealed partial class Cast
{
    /// <summary>An upload of one chunk, which is there already, asked for by who may and who may not.</summary>
    private async Task<HttpResponseMessage> SendToUploadAsync(MatrixRow row, Actor actor)
    {
        var owner = await app.SignUpAsync("owner");
        var me = actor == Actor.ServerAdmin ? await NewAdminAsync() : actor is Actor.Stranger or Actor.Missing ? await app.SignUpAsync("stranger") : owner;
        var isTus = row.Path.StartsWith("/api/v1/tus", StringComparison.Ordinal);
        var upload = isTus ? await BeginByTusAsync(owner) : await BeginAsync(owner);
        var token = actor switch
        {
            Actor.UploadToken or Actor.DeadUpload => upload.UploadToken,
            Actor.OtherUpload => (await owner.Files.InitAsync(new InitUploadRequest { Filename = "other", Size = 1 })).UploadToken,
            _ => me.AccessToken,
        };
        if (actor is Actor.Ended or Actor.DeadUpload)
        {
            var access = owner.AccessToken;
            await owner.Accounts.LogoutAsync();
            await app.EndsEverywhereAsync(access);
        }

        var id = actor == Actor.Missing ? new FileId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())) : upload.FileId;
        var path = row.Path.Replace("{upload_id}", id.ToString(), StringComparison.Ordinal).Replace("{file_id}", id.ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), path + Samples.QueryOf(row.Route))
        {
            Content = FormOf(row.Route, id) ?? Samples.BodyOf(row.Route, owner, "file"),
        };
        if (isTus)
            Samples.SpeakTus(request);
        if (actor != Actor.Anonymous)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await app.Http.SendAsync(request);
    }

    /// <summary>The bodies that name the upload, or hold a file.</summary>
    private static HttpContent? FormOf(string route, FileId id) => route switch
    {
        "POST /api/v1/files/upload/chunk" => new MultipartFormDataContent
        {
            { new StringContent(id.ToString()), "upload_id" },
            { new StringContent("0"), "chunk_number" },
            { new ByteArrayContent(Samples.Png), "chunk", "blob" },
        },
        "POST /api/v1/files/upload/complete" => new StringContent($$"""{"upload_id":"{{id}}"}""", null, "application/json"),
        "POST /api/upload-file" or "POST /api/upload-image" => new MultipartFormDataContent { { new ByteArrayContent(Samples.Png), "file", "picture.png" } },
        _ => null,
    };

    private static async Task<(FileId FileId, string UploadToken)> BeginAsync(Person owner)
    {
        var upload = await owner.Files.InitAsync(new InitUploadRequest { Filename = "picture.png", Size = Samples.Png.Length });
        await owner.Files.SendChunkAsync(upload.UploadId, 0, Samples.Png);
        return (upload.FileId, upload.UploadToken);
    }

    private async Task<(FileId FileId, string UploadToken)> BeginByTusAsync(Person owner)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tus");
        Samples.SpeakTus(request);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", owner.AccessToken);
        using var answer = await app.Http.SendAsync(request).AnsweredAsync(201);
        return (FileId.Parse(answer.Headers.Location!.ToString().Split('/')[^1], null), answer.Headers.GetValues("Hypersend-Upload-Token").Single());
    }
}
