using System.Net;
using System.Net.Http.Headers;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Platform;

public sealed class DrainTests
{
    // The announcement lasts until the test ends it.
    private readonly HeldTimers _notice = new(TimeSpan.FromSeconds(59));

    [Fact]
    public async Task A_stop_is_announced_and_what_runs_is_finished()
    {
        await using var app = await StartAsync();
        var ana = await app.SignUpAsync("ana");
        using var slow = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = app.Address };
        using var picture = new HeldPicture();
        using var upload = new HttpRequestMessage(HttpMethod.Put, "/api/v1/users/me/avatar") { Content = picture };
        upload.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ana.AccessToken);
        upload.Headers.ExpectContinue = true;
        var running = slow.SendAsync(upload);
        await picture.Asked;

        var stopping = app.StopAsync();
        using var visitor = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = app.Address };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(visitor));
        _notice.GoOff();
        while (await StatusAsync(visitor) is { } status)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);

        Assert.False(stopping.IsCompleted);
        picture.Release();
        using var answer = await running;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await stopping;
    }

    [Fact]
    public async Task While_it_is_announced_the_server_is_alive_but_not_ready()
    {
        await using var app = await StartAsync();
        await app.Anonymous().Server.GetReadyAsync();

        var stopping = app.StopAsync();

        var refusal = await app.Anonymous().Server.GetReadyAsync().RefusedAsync(503, ErrorCodes.Unavailable);
        Assert.Equal("The server is stopping.", refusal.Problem.Detail);
        Assert.NotNull(refusal.RetryAfter);
        Assert.Equal("degraded", (await app.Anonymous().Server.GetHealthAsync()).Status);
        await app.Anonymous().Server.GetLiveAsync();
        _notice.GoOff();
        await stopping;
    }

    private Task<App> StartAsync() => App.StartWithAsync(services => services.AddSingleton<TimeProvider>(_notice), "--DRAIN_NOTICE_SECONDS=59");

    /// <summary>Null when nobody listens any more.</summary>
    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>A body that says when the server asks for it, and comes when it is released.</summary>
    private sealed class HeldPicture : HttpContent
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public void Release() => _released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _asked.SetResult();
            await _released.Task;
            await stream.WriteAsync(Pictures.Png);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Pictures.Png.Length;
            return true;
        }
    }
}
