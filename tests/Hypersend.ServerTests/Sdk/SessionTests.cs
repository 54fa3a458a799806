using System.Net;
using System.Text;
using Hypersend.Contracts.Errors;
using Hypersend.Sdk;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Sdk;

public sealed class SessionTests
{
    [Fact]
    public async Task Many_calls_that_find_the_token_about_to_end_renew_it_once_and_say_so_first()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var ana = await app.SignUpAsync("ana");
        using var wire = new CountingHandler();
        using var client = new HypersendClient(app.Address, new HypersendOptions { Clock = clock, Handler = wire, Tokens = ana.Client.Tokens });
        var changes = new List<SessionTokens?>();
        client.TokensChanged += tokens =>
        {
            changes.Add(tokens);
            wire.Mark();
        };

        await client.Accounts.GetMeAsync();
        Assert.Equal(0, wire.Refreshes);
        clock.Advance(TimeSpan.FromMinutes(14.6));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Accounts.GetMeAsync()));

        Assert.Equal(1, wire.Refreshes);
        Assert.Equal(client.Tokens, Assert.Single(changes));
        Assert.NotEqual(ana.AccessToken, client.Tokens!.AccessToken);
        Assert.Equal(20, wire.CallsSinceMark);
    }

    [Fact]
    public async Task No_call_goes_out_with_new_tokens_before_they_were_told_of()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var ana = await app.SignUpAsync("ana");
        using var wire = new CountingHandler();
        using var client = new HypersendClient(app.Address, new HypersendOptions { Clock = clock, Handler = wire, Tokens = ana.Client.Tokens });
        Task? meanwhile = null;
        var sentMeanwhile = -1;
        client.TokensChanged += _ =>
        {
            wire.Mark();
            meanwhile = client.Accounts.GetMeAsync();
            sentMeanwhile = wire.CallsSinceMark;
        };
        clock.Advance(TimeSpan.FromMinutes(14.6));

        await client.Accounts.GetMeAsync();
        await meanwhile!;

        Assert.Equal(0, sentMeanwhile);
        Assert.Equal(2, wire.CallsSinceMark);
        Assert.Equal(1, wire.Refreshes);
    }

    [Fact]
    public async Task A_token_the_server_no_longer_takes_is_renewed_once_and_the_call_repeated()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var ana = await app.SignUpAsync("ana");
        using var wire = new CountingHandler();
        using var client = new HypersendClient(app.Address, new HypersendOptions { Clock = new ManualClock(), Handler = wire, Tokens = ana.Client.Tokens });
        clock.Advance(TimeSpan.FromHours(1));

        var names = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i => (await client.Users.UpdateMeAsync(new() { Bio = "bio " + i })).Username));

        Assert.All(names, name => Assert.Equal(ana.Username, name));
        Assert.Equal(1, wire.Refreshes);
    }

    [Fact]
    public async Task A_session_that_was_ended_elsewhere_is_over_and_its_tokens_are_forgotten()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        await (await app.SignInAsync(ana)).Accounts.LogoutAllAsync();
        var changes = new List<SessionTokens?>();
        ana.Client.TokensChanged += changes.Add;

        await ana.Accounts.GetMeAsync().RefusedAsync(401, ErrorCodes.SessionEnded);

        Assert.Null(Assert.Single(changes));
        Assert.Null(ana.Client.Tokens);
        await ana.Accounts.GetMeAsync().RefusedAsync(401, ErrorCodes.NotAuthenticated);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_lose_the_new_tokens()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var ana = await app.SignUpAsync("ana");
        using var wire = new CountingHandler { HoldRefresh = new TaskCompletionSource() };
        using var client = new HypersendClient(app.Address, new HypersendOptions { Clock = clock, Handler = wire, Tokens = ana.Client.Tokens });
        var renewed = new TaskCompletionSource<SessionTokens?>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.TokensChanged += renewed.SetResult;
        clock.Advance(TimeSpan.FromHours(1));
        using var impatience = new CancellationTokenSource();

        var call = client.Accounts.GetMeAsync(impatience.Token);
        await wire.RefreshBegan;
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        wire.HoldRefresh.SetResult();

        Assert.Equal(await renewed.Task, client.Tokens);
        await client.Accounts.GetMeAsync();
        Assert.Equal(1, wire.Refreshes);
    }

    [Fact]
    public async Task Logging_out_works_with_an_old_token_and_without_renewing_it()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var ana = await app.SignUpAsync("ana");
        var otherDevice = await app.SignInAsync(ana);
        clock.Advance(TimeSpan.FromHours(1));

        await ana.Accounts.LogoutAsync();
        await ana.Accounts.LogoutAsync();

        Assert.Null(ana.Client.Tokens);
        Assert.Single((await otherDevice.Accounts.ListSessionsAsync()).Items);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_an_exception_of_its_own()
    {
        using var proxy = new ProxyPage();
        using var client = new HypersendClient(new Uri("http://chat.example.org"), new HypersendOptions { Handler = proxy });

        var refusal = await client.Server.GetCardAsync().RefusedAsync(502, HypersendException.ForeignAnswer);

        Assert.Equal(TimeSpan.FromSeconds(7), refusal.RetryAfter);
        Assert.NotEmpty(refusal.Hint);
    }

    private sealed class CountingHandler : DelegatingHandler
    {
        private readonly TaskCompletionSource _refreshBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _refreshes;
        private int _sinceMark;

        public CountingHandler()
            : base(new SocketsHttpHandler { UseCookies = false })
        {
        }

        public int Refreshes => _refreshes;

        public int CallsSinceMark => _sinceMark;

        public Task RefreshBegan => _refreshBegan.Task;

        public TaskCompletionSource? HoldRefresh { get; init; }

        public void Mark() => Interlocked.Exchange(ref _sinceMark, 0);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _sinceMark);
            if (request.RequestUri!.AbsolutePath.EndsWith("/refresh", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _refreshes);
                _refreshBegan.TrySetResult();
                if (HoldRefresh is not null)
                    await HoldRefresh.Task;
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class ProxyPage : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new HttpResponseMessage(HttpStatusCode.BadGateway) { RequestMessage = request, Content = new StringContent("<h1>Bad gateway</h1>", Encoding.UTF8, "text/html") };
            answer.Headers.Add("Retry-After", "7");
            return Task.FromResult(answer);
        }
    }
}
