using System.Net.Http.Headers;
using System.Text.Json;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Users;

public sealed class AvatarTests(App app) : IClassFixture<App>
{
    private const int MaxBytes = 5 * 1024 * 1024;

    public static TheoryData<string, string> Kinds => new() { { "png", "image/png" }, { "gif", "image/gif" }, { "jpeg", "image/jpeg" } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_bytes_say_what_it_is_whatever_the_sender_says(string kind, string type)
    {
        var ana = await app.SignUpAsync("ana");
        var picture = kind switch { "png" => Pictures.Png, "gif" => Pictures.Gif, _ => Pictures.Jpeg };

        var me = await ana.Users.SetAvatarAsync(picture, "text/html");

        var avatar = await ana.Users.GetAvatarAsync(ana.Id);
        Assert.Equal(type, avatar.ContentType);
        Assert.Equal(picture, avatar.Bytes.ToArray());
        Assert.StartsWith($"/api/v1/users/{ana.Id}/avatar?v=", me.AvatarUrl, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_works_as_well()
    {
        var ana = await app.SignUpAsync("ana");
        using var form = new MultipartFormDataContent { { File(Pictures.Gif), "file", "me.svg" } };

        await ana.SendAsync(HttpMethod.Put, "/api/v1/users/me/avatar", form).AnsweredAsync(200);

        Assert.Equal("image/gif", (await ana.Users.GetAvatarAsync(ana.Id)).ContentType);
        using var empty = new MultipartFormDataContent { { new StringContent("nothing"), "file" } };
        await ana.SendAsync(HttpMethod.Put, "/api/v1/users/me/avatar", empty).RefusedAsync(422, ErrorCodes.ValidationFailed);

        static ByteArrayContent File(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
    }

    [Theory]
    [InlineData("multipart/form-data", "nothing")]
    [InlineData("multipart/form-data; boundary=edge", "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\ncut off")]
    public async Task A_form_that_cannot_be_read_is_said_to_be_so(string contentType, string body)
    {
        var ana = await app.SignUpAsync("ana");
        using var form = new ByteArrayContent(System.Text.Encoding.ASCII.GetBytes(body));
        form.Headers.TryAddWithoutValidation("Content-Type", contentType);

        await ana.SendAsync(HttpMethod.Put, "/api/v1/users/me/avatar", form).RefusedAsync(400, ErrorCodes.MalformedRequest);
    }

    [Theory]
    [InlineData("svg")]
    [InlineData("html")]
    [InlineData("nothing")]
    [InlineData("text")]
    public async Task What_could_run_or_is_no_picture_is_refused_and_the_old_one_stays(string kind)
    {
        var ana = await app.SignUpAsync("ana");
        await ana.Users.SetAvatarAsync(Pictures.Png);
        var bytes = kind switch { "svg" => Pictures.Svg, "html" => Pictures.Html, "nothing" => [], _ => "GIF, but not really"u8.ToArray() };

        await ana.Users.SetAvatarAsync(bytes, "image/png").RefusedAsync(415, ErrorCodes.UnsupportedImage);

        Assert.Equal("image/png", (await ana.Users.GetAvatarAsync(ana.Id)).ContentType);
    }

    [Fact]
    public async Task Five_megabytes_fit_and_one_byte_more_does_not_in_either_shape()
    {
        var ana = await app.SignUpAsync("ana");

        await ana.Users.SetAvatarAsync(Pictures.PngOf(MaxBytes));
        var raw = await ana.Users.SetAvatarAsync(Pictures.PngOf(MaxBytes + 1)).RefusedAsync(413, ErrorCodes.TooLarge);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Pictures.PngOf(MaxBytes + 1)), "file", "big.png" } };
        var formed = await ana.SendAsync(HttpMethod.Put, "/api/v1/users/me/avatar", form).RefusedAsync(413, ErrorCodes.TooLarge);

        Assert.Equal(MaxBytes, raw.Problem.More!["max_size"].GetInt64());
        Assert.Equal(MaxBytes, formed.More!["max_size"].GetInt64());
    }

    [Fact]
    public async Task Much_more_is_refused_without_reading_it_all()
    {
        var ana = await app.SignUpAsync("ana");

        var refusal = await ana.Users.SetAvatarAsync(Pictures.PngOf(8 * 1024 * 1024)).RefusedAsync(413, ErrorCodes.TooLarge);

        Assert.Equal(JsonValueKind.Number, refusal.Problem.More!["max_size"].ValueKind);
    }

    [Fact]
    public async Task It_is_served_so_that_nothing_in_it_can_run_and_is_kept_for_ever_under_its_hash()
    {
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");
        var url = (await ana.Users.SetAvatarAsync(Pictures.Png)).AvatarUrl!;

        using var hashed = await bela.SendAsync(HttpMethod.Get, url).AnsweredAsync(200);
        using var plain = await bela.SendAsync(HttpMethod.Get, url.Split('?')[0]).AnsweredAsync(200);
        using var other = await bela.SendAsync(HttpMethod.Get, url[..^16] + "0123456789abcdef").AnsweredAsync(200);
        using var head = await bela.SendAsync(HttpMethod.Head, url).AnsweredAsync(200);

        foreach (var answer in new[] { hashed, plain, head })
        {
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("sandbox; default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("image/png", answer.Content.Headers.ContentType?.ToString());
            Assert.Equal(Pictures.Png.Length, answer.Content.Headers.ContentLength);
            Assert.Equal(hashed.Headers.ETag, answer.Headers.ETag);
        }

        Assert.Equal("private, max-age=31536000, immutable", Assert.Single(hashed.Headers.NonValidated["Cache-Control"]));
        Assert.Equal("private, no-cache", Assert.Single(plain.Headers.NonValidated["Cache-Control"]));
        Assert.Equal("private, no-cache", Assert.Single(other.Headers.NonValidated["Cache-Control"]));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());

        var again = await app.SendAsync(HttpMethod.Get, url, null, ("Authorization", "Bearer " + bela.AccessToken), ("If-None-Match", hashed.Headers.ETag!.ToString()));
        Assert.Equal(304, (int)again.StatusCode);
    }

    [Fact]
    public async Task A_removed_one_is_gone()
    {
        var ana = await app.SignUpAsync("ana");
        Assert.False(await ana.Users.HasAvatarAsync(ana.Id));
        var first = (await ana.Users.SetAvatarAsync(Pictures.Png)).AvatarUrl;
        var second = (await ana.Users.SetAvatarAsync(Pictures.Gif)).AvatarUrl;
        Assert.NotEqual(first, second);
        Assert.True(await ana.Users.HasAvatarAsync(ana.Id));

        await ana.Users.RemoveAvatarAsync();

        Assert.Null((await ana.Users.GetMeAsync()).AvatarUrl);
        Assert.False(await ana.Users.HasAvatarAsync(ana.Id));
        await ana.Users.GetAvatarAsync(ana.Id).RefusedAsync(404, ErrorCodes.NotFound);
        await ana.Users.RemoveAvatarAsync();
    }
}
