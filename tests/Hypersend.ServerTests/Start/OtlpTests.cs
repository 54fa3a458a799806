using System.Threading.Channels;
using Hypersend.ServerTests.Fixture;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Hypersend.ServerTests.Start;

/// <summary>OTLP_ENDPOINT: metrics and traces reach a collector, at the latest when the server stops.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task A_collector_gets_metrics_and_traces()
    {
        var arrived = Channel.CreateUnbounded<(string Path, string? Type, long Length)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            arrived.Writer.TryWrite((context.Request.Path, context.Request.ContentType, body.Length));
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);

        await using (var app = await App.StartAsync("--OTLP_ENDPOINT=" + collector.Urls.First()))
        {
            await app.SignUpAsync("ana");
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var paths = new HashSet<string>();
        while (paths.Count < 2)
        {
            var (path, type, length) = await arrived.Reader.ReadAsync(patience.Token);
            Assert.Equal("application/x-protobuf", type);
            Assert.True(length > 0);
            paths.Add(path);
        }

        Assert.Equal(["/v1/metrics", "/v1/traces"], paths.Order());
    }
}
