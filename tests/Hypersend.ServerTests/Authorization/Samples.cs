using System.Net.Http.Headers;
using System.Text;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Authorization;

/// <summary>A request that is right in everything but who sends it.</summary>
internal static class Samples
{
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>Queries without which the call is not valid.</summary>
    public static string QueryOf(string route) => route switch
    {
        "GET /api/v1/users/search" => "?q=ana",
        "GET /api/v1/updates/check" => "?platform=linux-x64&current_version=1.0",
        _ => "",
    };

    public static HttpContent? BodyOf(string route, Person sample, string fresh) => route switch
    {
        "PUT /api/v1/users/me/avatar" => new ByteArrayContent(Png) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } },
        _ => JsonOf(route, sample, fresh) is { } json ? new StringContent(json, Encoding.UTF8, "application/json") : null,
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
        "release" => $$"""{"platform":"linux-x64","version":"1.0.0","url":"https://example.org/{{fresh}}"}""",
        "invites" when route.StartsWith("POST", StringComparison.Ordinal) => "{}",
        "me" or "settings" or "{id}" when route.StartsWith("PUT", StringComparison.Ordinal) => "{}",
        _ => null,
    };
}
