using System.Net.Http.Headers;
using System.Text;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Platform;

public sealed class ProblemsTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("GET", "/api/v1/nothing/here", 404, ErrorCodes.NotFound)]
    [InlineData("POST", "/api/v1/nothing/here", 404, ErrorCodes.NotFound)]
    [InlineData("DELETE", "/api/v1/auth/login", 405, ErrorCodes.MethodNotAllowed)]
    [InlineData("PATCH", "/api/v1/users/me", 405, ErrorCodes.MethodNotAllowed)]
    [InlineData("GET", "/api/v1/users/me", 401, ErrorCodes.NotAuthenticated)]
    public async Task Even_what_the_framework_answers_is_a_problem(string method, string path, int status, string code)
    {
        using var answer = await app.SendAsync(new HttpMethod(method), path);

        await Task.FromResult(answer).RefusedAsync(status, code);
        if (status == 405)
            Assert.NotEmpty(answer.Content.Headers.Allow);
        if (status == 401)
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("{", ErrorCodes.MalformedBody)]
    [InlineData("", ErrorCodes.MalformedBody)]
    [InlineData("null", ErrorCodes.MalformedBody)]
    [InlineData("""{"login":5,"password":"x"}""", ErrorCodes.MalformedBody)]
    [InlineData("""["login"]""", ErrorCodes.MalformedBody)]
    public async Task A_body_that_is_not_the_json_of_the_call_is_told_apart_from_one_with_wrong_values(string body, string code)
    {
        var problem = await app.SendAsync(HttpMethod.Post, "/api/v1/auth/login", body).RefusedAsync(400, code);

        Assert.DoesNotContain("Hypersend.", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_content_type_is_refused()
    {
        using var content = new StringContent("login=a&password=b", Encoding.UTF8, "application/x-www-form-urlencoded");

        await app.Http.PostAsync("/api/v1/auth/login", content).RefusedAsync(415, ErrorCodes.UnsupportedMediaType);
    }

    [Fact]
    public async Task More_than_a_megabyte_is_refused_with_its_limit_announced_or_not()
    {
        using var announced = new ByteArrayContent(new byte[(1024 * 1024) + 1]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var told = await app.Http.PostAsync("/api/v1/auth/login", announced).RefusedAsync(413, ErrorCodes.TooLarge);
        Assert.Equal(1024 * 1024, told.More!["max_size"].GetInt64());

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login");
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StringContent("{\"login\":\"" + new string('a', 1100 * 1024), Encoding.UTF8, "application/json");
        var found = await app.Http.SendAsync(request).RefusedAsync(413, ErrorCodes.TooLarge);
        Assert.Equal(1024 * 1024, found.More!["max_size"].GetInt64());
    }

    [Fact]
    public async Task A_request_keeps_the_id_it_brought_when_that_is_harmless()
    {
        var kept = await app.SendAsync(HttpMethod.Get, "/api/v1/users/me", null, ("X-Request-Id", "trace-0123.AZ_z")).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        Assert.Equal("trace-0123.AZ_z", kept.TraceId);

        foreach (var foreign in new[] { "short", "with space in it", "<script>alert(1)</script>", new string('a', 65) })
        {
            var made = await app.SendAsync(HttpMethod.Get, "/api/v1/users/me", null, ("X-Request-Id", foreign)).RefusedAsync(401, ErrorCodes.NotAuthenticated);
            Assert.Matches("^[0-9a-f]{32}$", made.TraceId);
        }
    }

    [Fact]
    public async Task Unknown_fields_are_ignored()
    {
        var ana = await app.SignUpAsync("ana");

        await ana.SendAsync(HttpMethod.Put, "/api/v1/users/me", """{"name":"Ana","favourite_colour":{"deep":[1,2]}}""").AnsweredAsync(200);
    }
}
