using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>ALLOWED_MIME_TYPES holds for what is said of a file and for what its bytes say.</summary>
public sealed class AllowedTypesTests
{
    private static readonly byte[] Page = "<!doctype html><html><script>alert(1)</script></html>"u8.ToArray();

    [Fact]
    public async Task A_page_that_says_it_is_a_text_is_refused_and_its_upload_is_over()
    {
        await using var app = await App.StartAsync("--ALLOWED_MIME_TYPES=text/plain,image/*");
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        await ana.Files.InitAsync(new InitUploadRequest { Filename = "a.zip", Size = 10, Mime = "application/zip" }).RefusedAsync(415, ErrorCodes.MediaTypeRefused);

        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "a.txt", Size = Page.Length, Mime = "text/plain", ChatId = chat });
        await ana.PutChunkAsync(upload.UploadId, 0, Page).RefusedAsync(415, ErrorCodes.MediaTypeRefused);
        Assert.Equal(FileStates.Failed, (await ana.Files.GetAsync(upload.FileId)).State);
        await ana.Files.CompleteAsync(upload.UploadId).RefusedAsync(404, ErrorCodes.NotFound);

        using var created = await TusAsync(app, ana, HttpMethod.Post, "/api/v1/tus", null, ("Upload-Length", "53"), ("Upload-Metadata", "filename YS50eHQ=,filetype dGV4dC9wbGFpbg=="));
        Assert.Equal(201, (int)created.StatusCode);
        var url = created.Headers.Location!.ToString();
        await TusAsync(app, ana, HttpMethod.Patch, url, Page, ("Upload-Offset", "0")).RefusedAsync(415, ErrorCodes.MediaTypeRefused);
        await TusAsync(app, ana, HttpMethod.Patch, url, Page, ("Upload-Offset", "0")).RefusedAsync(404, ErrorCodes.NotFound);

        var picture = Authorization.Samples.Png;
        var shown = await ana.Files.InitAsync(new InitUploadRequest { Filename = "a.png", Size = picture.Length, Mime = "image/png" });
        await ana.Files.SendChunkAsync(shown.UploadId, 0, picture);
        await ana.Files.CompleteAsync(shown.UploadId);
        await FileBooks.CheckAsync(app);
        await FileBooks.NoOrphanAsync(app);
    }

    private static async Task<HttpResponseMessage> TusAsync(App app, Person person, HttpMethod method, string url, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/offset+octet-stream");
        }

        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + person.AccessToken);
        request.Headers.TryAddWithoutValidation("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.Http.SendAsync(request);
    }
}
