using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Push;
using Hypersend.Sdk;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Push;

public sealed class SubscriptionTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_device_is_listed_without_its_secret_address()
    {
        var ana = await app.SignUpAsync("ana");

        var added = await ana.Client.Push.SubscribeAsync(PushSamples.Subscription());

        Assert.Equal([added], (await ana.Client.Push.ListAsync()).Items);
        Assert.Equal((true, "push.invalid", null), (added.Current, added.Service, added.ReachedAt));
        await ana.Client.Push.UnsubscribeAsync(added.Id);
        Assert.Empty((await ana.Client.Push.ListAsync()).Items);
    }

    [Fact]
    public async Task A_session_is_one_device()
    {
        var ana = await app.SignUpAsync("ana");
        await ana.Client.Push.SubscribeAsync(PushSamples.Subscription());

        var second = await ana.Client.Push.SubscribeAsync(PushSamples.Subscription());

        Assert.Equal([second.Id], (await ana.Client.Push.ListAsync()).Items.Select(device => device.Id));
    }

    [Fact]
    public async Task A_browser_belongs_to_who_signed_in_last()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var browser = PushSamples.Subscription();

        await ana.Client.Push.SubscribeAsync(browser);
        await bela.Client.Push.SubscribeAsync(browser);

        Assert.Empty((await ana.Client.Push.ListAsync()).Items);
        Assert.Single((await bela.Client.Push.ListAsync()).Items);
    }

    [Fact]
    public async Task A_person_has_twenty_devices_and_the_oldest_gives_way()
    {
        var ana = await app.SignUpAsync("ana");
        var first = await ana.Client.Push.SubscribeAsync(PushSamples.Subscription());

        for (var i = 0; i < 20; i++)
            await (await app.SignInAsync(ana)).Client.Push.SubscribeAsync(PushSamples.Subscription());

        var devices = (await ana.Client.Push.ListAsync()).Items;
        Assert.Equal(20, devices.Count);
        Assert.DoesNotContain(devices, device => device.Id == first.Id);
    }

    [Theory]
    [InlineData("http://push.example.org/send")]
    [InlineData("https://127.0.0.1/send")]
    [InlineData("https://[::1]/send")]
    [InlineData("https://[::ffff:10.0.0.1]/send")]
    [InlineData("https://10.0.0.1:8443/send")]
    [InlineData("https://192.168.1.1/send")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://2130706433/send")]
    [InlineData("https://0x7f.1/send")]
    [InlineData("https://localhost/send")]
    [InlineData("https://localhost./send")]
    [InlineData("https://127.0.0.1./send")]
    [InlineData("https://printer/send")]
    [InlineData("https://push.localhost/send")]
    [InlineData("https://user:secret@push.example.org/send")]
    [InlineData("ftp://push.example.org/send")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/send")]
    [InlineData("nonsense")]
    public async Task An_address_that_nobody_should_be_sent_to_is_refused(string endpoint)
    {
        var ana = await app.SignUpAsync("ana");

        var refused = await Assert.ThrowsAsync<HypersendException>(() => ana.Client.Push.SubscribeAsync(PushSamples.Subscription(endpoint)));

        Assert.Equal((422, ErrorCodes.ValidationFailed), (refused.Status, refused.Code));
        Assert.Contains("endpoint", refused.Problem.Errors!.Keys);
    }

    [Theory]
    [InlineData("BAAA", PushSamples.Auth)]
    [InlineData(PushSamples.P256dh, "AAAA")]
    public async Task Keys_that_nothing_can_be_encrypted_for_are_refused(string p256dh, string auth)
    {
        var ana = await app.SignUpAsync("ana");
        var request = PushSamples.Subscription() with { Keys = new SubscribeKeys { P256dh = p256dh, Auth = auth } };

        var refused = await Assert.ThrowsAsync<HypersendException>(() => ana.Client.Push.SubscribeAsync(request));

        Assert.Contains("keys", refused.Problem.Errors!.Keys);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"endpoint":"https://push.example.org/x"}""")]
    [InlineData("""{"endpoint":"https://push.example.org/x","keys":{}}""")]
    public async Task What_is_missing_is_named(string body)
    {
        var ana = await app.SignUpAsync("ana");

        using var answer = await ana.SendAsync(HttpMethod.Post, "/api/v1/push/subscriptions", body);

        Assert.Equal(422, (int)answer.StatusCode);
    }
}
