using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Admin;

public sealed class DebugTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task The_status_tells_an_admin_how_the_process_is()
    {
        await app.SignUpAsync("ana");

        var status = await app.Admin.Admin.GetStatusAsync();

        Assert.Equal((TestDatabase.EngineName, "folder", Cluster.IsOn ? "redis" : "in-process", "files"), (status.Database, status.Storage, status.Bus, status.Mail));
        Assert.True(status is { Users: >= 2, Sessions: >= 2, ManagedBytes: > 0, WorkingSetBytes: > 0, Threads: > 0, DiskFreeBytes: > 0, UptimeSeconds: >= 0 });
        Assert.Equal((await app.Anonymous().Server.GetLiveAsync()).Version, status.Version);
    }

    [Fact]
    public async Task The_logs_are_the_newest_lines_of_at_least_that_level()
    {
        var logs = await app.Admin.Admin.GetLogsAsync();

        var line = Assert.Single(logs.Items, item => item.EventId == 54);
        Assert.Equal("Warning", line.Level);
        Assert.Contains("no admin yet", line.Message, StringComparison.Ordinal);
        Assert.Single((await app.Admin.Admin.GetLogsAsync(limit: 1)).Items);
        Assert.DoesNotContain((await app.Admin.Admin.GetLogsAsync("critical")).Items, item => item.EventId == 54);
        await app.Admin.Admin.GetLogsAsync("loud").RefusedAsync(422, ErrorCodes.ValidationFailed);
    }

    [Theory]
    [InlineData("/api/v1/debug/status")]
    [InlineData("/api/v1/debug/logs")]
    public async Task Nobody_else_sees_them(string path)
    {
        var ana = await app.SignUpAsync("ana");

        await ana.SendAsync(HttpMethod.Get, path).RefusedAsync(403, ErrorCodes.Forbidden);
        await app.SendAsync(HttpMethod.Get, path).RefusedAsync(401, ErrorCodes.NotAuthenticated);
    }
}
