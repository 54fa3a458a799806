using System.Net.Http.Headers;
using System.Text;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Hypersend.Sdk.Accounts;
using Hypersend.Sdk.Admin;
using Hypersend.Sdk.Chats;
using Hypersend.Sdk.Files;
using Hypersend.Sdk.Messages;
using Hypersend.Sdk.Realtime;
using Hypersend.Sdk.Search;
using Hypersend.Sdk.Transfers;
using Hypersend.Sdk.Updates;
using Hypersend.Sdk.Users;

namespace Hypersend.ServerTests.Fixture;

/// <summary>Somebody signed in on one device: the typed client, and raw requests with their token.</summary>
public sealed class Person
{
    internal const string FirstPassword = "correct horse battery";

    private readonly App _app;

    internal Person(App app, HypersendClient client, SignedIn signedIn, string email, string password)
    {
        _app = app;
        Client = client;
        SignedIn = signedIn;
        Email = email;
        Password = password;
    }

    internal HypersendClient Client { get; }

    /// <summary>What the server answered when they came in.</summary>
    internal SignedIn SignedIn { get; }

    internal UserId Id => SignedIn.Id;

    internal string Username => SignedIn.Username;

    internal string Email { get; }

    internal string Password { get; }

    internal string AccessToken => Client.Tokens!.AccessToken;

    internal string RefreshToken => Client.Tokens!.RefreshToken!;

    internal AccountsClient Accounts => Client.Accounts;

    internal UsersClient Users => Client.Users;

    internal ChatsClient Chats => Client.Chats;

    internal MessagesClient Messages => Client.Messages;

    internal FilesClient Files => Client.Files;

    internal SearchClient Search => Client.Search;

    internal AdminClient Admin => Client.Admin;

    internal TransfersClient Transfers => Client.Transfers;

    internal UpdatesClient Updates => Client.Updates;

    /// <summary>A live connection of theirs that has caught up.</summary>
    internal async Task<LiveClient> LiveAsync(LiveOptions? options = null)
    {
        var live = _app.Keep(Client.Live(options));
        await live.StartAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return live;
    }

    /// <summary>A request exactly as it is, with this person's token and nothing that would renew it.</summary>
    internal Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null) =>
        SendAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Client.Tokens?.AccessToken ?? SignedIn.AccessToken);
        return await _app.Http.SendAsync(request);
    }
}
