using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Push;

/// <summary>A server that may ask the push service beside it, and that service.</summary>
public sealed class PushApp : IAsyncLifetime
{
    private App? _app;

    internal App App => _app!;

    internal PushService Service { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Service.InitializeAsync();
        if (TestDatabase.Missing is null)
            _app = await App.StartAsync("--OUTBOUND_ALLOW_PRIVATE=on");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await Service.DisposeAsync();
    }

    /// <summary>Somebody whose device is closed and waits for pushes.</summary>
    internal async Task<(Person Person, Browser Browser)> AwayAsync(string nickname, string? name = null)
    {
        var person = await App.SignUpAsync(nickname, name);
        return (person, await SubscribeAsync(person));
    }

    internal async Task<Browser> SubscribeAsync(Person person)
    {
        var browser = Service.NewBrowser();
        await person.Client.Push.SubscribeAsync(browser.Subscription);
        return browser;
    }
}
