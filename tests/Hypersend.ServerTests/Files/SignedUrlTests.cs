using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Files;

/// <summary>Addresses for download managers.</summary>
public sealed class SignedUrlTests(App app) : IClassFixture<App>
{
    private readonly byte[] _whole = Bytes.Of(5000);

    [Fact]
    public async Task The_address_alone_opens_the_file_with_ranges()
    {
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, _whole);
        var signed = await ana.Files.GetUrlAsync(id);
        Assert.StartsWith(app.Address.ToString() + "api/v1/files/", signed.Url, StringComparison.Ordinal);
        Assert.InRange(signed.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
        using var answer = await app.FetchAsync(null, signed.Url, null, ("Range", "bytes=10-19")).AnsweredAsync(206);
        Assert.Equal(_whole[10..20], await answer.Content.ReadAsByteArrayAsync());
        using var head = await app.FetchAsync(null, signed.Url, HttpMethod.Head).AnsweredAsync(200);
        Assert.Equal(_whole.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task It_is_good_for_this_file_and_as_it_was_written()
    {
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, _whole);
        var other = await ana.SendFileAsync(null, _whole);
        var url = (await ana.Files.GetUrlAsync(id)).Url;
        var last = url[^2] == 'A' ? 'B' : 'A';
        foreach (var wrong in new[] { url[..^2] + last + url[^1], url + "A", url.Replace(id.ToString(), other.ToString(), StringComparison.Ordinal) })
            await app.FetchAsync(null, wrong).RefusedAsync(401, ErrorCodes.InvalidUrl);
        await app.FetchAsync(null, url.Replace("/download", "/meta", StringComparison.Ordinal)).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        await app.FetchAsync(null, url.Replace("/download", "/thumbnail", StringComparison.Ordinal)).RefusedAsync(401, ErrorCodes.NotAuthenticated);
    }

    [Fact]
    public async Task It_ends_with_the_session_and_with_the_right_to_see_the_file()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var id = await ana.SendFileAsync(chat, _whole);
        var (mine, theirs) = (await ana.Files.GetUrlAsync(id), await ben.Files.GetUrlAsync(id));
        await ana.Accounts.LogoutAsync();
        await app.FetchAsync(null, mine.Url).RefusedAsync(401, ErrorCodes.SessionEnded);
        (await app.FetchAsync(null, theirs.Url).AnsweredAsync(200)).Dispose();
        using var left = await ben.SendAsync(HttpMethod.Post, $"/api/v1/chats/{chat}/leave");
        await app.FetchAsync(null, theirs.Url).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task It_ends_with_its_time_and_begins_with_the_public_address()
    {
        var clock = new ManualClock();
        await using var server = await App.StartAsync(clock, "--PUBLIC_URL=https://chat.example.org");
        var ana = await server.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, _whole);
        var url = (await ana.Files.GetUrlAsync(id, TimeSpan.FromMinutes(1))).Url;
        Assert.StartsWith("https://chat.example.org/api/v1/files/", url, StringComparison.Ordinal);
        var path = new Uri(url).PathAndQuery;
        (await server.FetchAsync(null, path).AnsweredAsync(200)).Dispose();
        clock.Advance(TimeSpan.FromMinutes(1));
        await server.FetchAsync(null, path).RefusedAsync(401, ErrorCodes.InvalidUrl);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("604801")]
    public async Task Its_life_has_limits(string seconds)
    {
        var ana = await app.SignUpAsync("ana");
        FileId id = await ana.SendFileAsync(null, _whole);
        var problem = await app.FetchAsync(ana, $"/api/v1/files/{id}/url?expires_in={seconds}").RefusedAsync(422, ErrorCodes.ValidationFailed);
        Assert.Contains("expires_in", problem.Errors!.Keys);
    }
}
