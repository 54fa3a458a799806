using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Hypersend.ServerTests.Authorization;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Hostile;

/// <summary>Bodies that are not what the call expects: a coded problem with a hint, never a 500, on every route that takes one.</summary>
public sealed class BodyTests(App app) : IClassFixture<App>
{
    private static readonly string[] WrongBodies =
    [
        "", "{", "[]", "null", "\"text\"", "{\"a\":}", "{\"username\":5}", "{\"name\":[]}", "{\"password\":{}}", "\u0000",
        """{"username":{},"email":{},"password":{},"name":{},"login":[],"code":[],"token":[],"current_password":1,"new_password":1,"refresh_token":{},"role":1,"disabled":"x","registration":3,"privacy":7,"max_uses":"x","platform":1,"session":4}""",
        """{"username":"\ud800","email":"\ud800","password":"\ud800","name":"\ud800","login":"\ud800","code":"\ud800","token":"\ud800","bio":"\ud800","language":"\ud800"}""",
    ];

    public static TheoryData<string> RoutesWithBody =>
        [.. Matrix.Rows.Where(row => row.Method is "POST" or "PUT" && TakesBody(row.Path)).Select(row => row.Route)];

    [Theory]
    [MemberData(nameof(RoutesWithBody))]
    public async Task A_wrong_body_is_a_problem_with_a_hint(string route)
    {
        var me = await app.SignUpAsync("fuzzer");
        var refused = 0;
        foreach (var body in WrongBodies)
        {
            using var answer = await SendAsync(route, me, new StringContent(body, Encoding.UTF8, "application/json"));
            await AssertCodedAsync(route, body, answer);
            refused += (int)answer.StatusCode >= 400 ? 1 : 0;
        }

        // Calls whose fields are all optional take {} and what they do not know; broken JSON they refuse like the others.
        Assert.InRange(refused, 4, WrongBodies.Length);
    }

    /// <summary>Without those that are there for files, and the one that takes as much as a chunk from whoever holds a pass and is not there for others.</summary>
    public static TheoryData<string> RoutesWithSmallBody =>
        [.. RoutesWithBody.Select(row => row.Data).Where(route => !route.EndsWith("/chunk", StringComparison.Ordinal) && !route.EndsWith("/health/check", StringComparison.Ordinal) && !route.Contains("/api/upload-", StringComparison.Ordinal) && !route.Contains("/tus", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(RoutesWithSmallBody))]
    public async Task Ten_megabytes_are_too_large_and_the_answer_arrives(string route)
    {
        var me = await app.SignUpAsync("heavy");
        using var answer = await SendAsync(route, me, new ByteArrayContent(new byte[10_000_000]) { Headers = { ContentType = new("application/json") } });
        var problem = await AssertCodedAsync(route, "10 MB", answer);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.True(problem!["max_size"]!.GetValue<long>() > 0);
    }

    [Theory]
    [InlineData("PUT /api/v1/users/me")]
    [InlineData("POST /api/v1/auth/register")]
    [InlineData("PUT /api/v1/users/me/settings")]
    public async Task The_json_parsing_suite_is_read_as_json_or_refused(string route)
    {
        var me = await app.SignUpAsync("parser");
        var files = Directory.GetFiles(SharedData.PathOf("json-parsing"));
        Assert.True(files.Length > 300);
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            using var answer = await SendAsync(route, me, new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } });
            await AssertCodedAsync(route, name, answer);
            if (name.StartsWith("n_", StringComparison.Ordinal))
                Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{route} took {name}");
            if (name.StartsWith("y_object", StringComparison.Ordinal) && route.StartsWith("PUT /api/v1/users/me", StringComparison.Ordinal))
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{route} refused {name} as malformed");
        }
    }

    [Theory]
    [InlineData("application/json; charset=bogus", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/json; charset=\"UTF-8\"", 200)]
    [InlineData("application/json;;; charset", 415)]
    public async Task Json_is_utf_8(string contentType, int status)
    {
        var me = await app.SignUpAsync("charset");
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var answer = await SendAsync("PUT /api/v1/users/me", me, content);
        await AssertCodedAsync("PUT /api/v1/users/me", contentType, answer);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_number_is_a_number_and_not_a_text_of_one()
    {
        var me = await app.SignUpAsync("number");
        await app.Admin.SendAsync(HttpMethod.Put, $"/api/v1/admin/users/{me.Id}", """{"quota_bytes":"5"}""").RefusedAsync(400, "malformed_body");
        await app.Admin.SendAsync(HttpMethod.Put, $"/api/v1/admin/users/{me.Id}", """{"quota_bytes":5}""").AnsweredAsync(200);
    }

    [Fact]
    public async Task A_body_of_another_type_is_415()
    {
        var me = await app.SignUpAsync("typist");
        using var answer = await SendAsync("PUT /api/v1/users/me", me, new StringContent("name=x", Encoding.UTF8, "application/x-www-form-urlencoded"));
        await AssertCodedAsync("PUT /api/v1/users/me", "form", answer);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    private static bool TakesBody(string path) =>
        !path.EndsWith("/follow", StringComparison.Ordinal) && !path.EndsWith("/block", StringComparison.Ordinal)
        && !path.EndsWith("-all", StringComparison.Ordinal) && !path.EndsWith("-ticket", StringComparison.Ordinal)
        && !path.EndsWith("/totp/setup", StringComparison.Ordinal) && !path.EndsWith("/{id}/logout", StringComparison.Ordinal)
        && !path.EndsWith("/{id}/join", StringComparison.Ordinal) && !path.EndsWith("/push/test", StringComparison.Ordinal)
        && !path.EndsWith("/search/rebuild", StringComparison.Ordinal)
        && !path.EndsWith("/avatar", StringComparison.Ordinal);

    private static async Task<JsonObject?> AssertCodedAsync(string route, string what, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode < 500, $"{route} with {what}: {(int)answer.StatusCode} {text}");
        if ((int)answer.StatusCode < 400)
            return null;
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.False(string.IsNullOrEmpty(problem["code"]?.GetValue<string>()), text);
        Assert.False(string.IsNullOrEmpty(problem["hint"]?.GetValue<string>()), text);
        return problem;
    }

    private Task<HttpResponseMessage> SendAsync(string route, Person me, HttpContent content)
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
        var sender = path.Contains("/admin/", StringComparison.Ordinal) || path.EndsWith("/release", StringComparison.Ordinal) ? app.Admin : me;
        return sender.SendAsync(new HttpMethod(method), path.Replace("{id}", me.Id.ToString(), StringComparison.Ordinal), content);
    }
}
