using System.Collections.Concurrent;
using System.Text;
using Hypersend.Contracts.Accounts;
using Hypersend.Sdk;
using Hypersend.Server;
using Hypersend.Server.Platform.Telemetry;
using Hypersend.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hypersend.ServerTests.Fixture;

/// <summary>
/// The real server, in this process, on a port and in a folder of its own, on the engine HYPERSEND_TEST_DATABASE names.
/// As a class fixture it has an admin already; tests that need other settings start one with <see cref="StartAsync(string[])"/>.
/// </summary>
public sealed class App : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Person> _people = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<IDisposable> _made = [];
    private readonly ScratchFolder _folder = new();
    private readonly TestDatabase _database;
    private readonly string[] _settings;
    private WebApplication? _server;
    private Mailbox? _mail;
    private Person? _admin;
    private int _counter;
    private bool _ended;

    /// <summary>For class fixtures; the runner starts it.</summary>
    public App()
        : this(null, null)
    {
    }

    private App(ManualClock? clock, TestDatabase? shared, params string[] settings)
    {
        Clock = clock;
        _database = shared ?? new TestDatabase();
        _settings = settings;
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = System.Net.DecompressionMethods.None });
    }

    /// <summary>Requests as they are: no cookies kept, no redirects followed.</summary>
    public HttpClient Http { get; }

    public Uri Address { get; private set; } = null!;

    /// <summary>The first account of a shared server.</summary>
    public Person Admin => _admin ?? throw new InvalidOperationException("This server was started without an admin.");

    public string DataRoot => _folder.Path;

    internal ManualClock? Clock { get; }

    internal LogCapture Logs { get; } = new();

    internal Mailbox Mail => _mail ??= new Mailbox(Path.Combine(DataRoot, "mail"));

    internal IServiceProvider Services => _server!.Services;

    internal TestDatabase Database => _database;

    /// <summary>A server with these settings over the usual ones, and nobody on it.</summary>
    internal static Task<App> StartAsync(params string[] settings) => StartAsync(null, settings);

    internal static async Task<App> StartAsync(ManualClock? clock, params string[] settings)
    {
        var app = new App(clock, null, settings);
        await app.StartOrCleanUpAsync();
        return app;
    }

    /// <summary>Another server on this one's database, as a second node would be.</summary>
    internal async Task<App> StartSecondAsync(params string[] settings)
    {
        var app = new App(Clock, _database.Shared(), settings);
        await app.StartOrCleanUpAsync();
        return app;
    }

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        if (TestDatabase.Missing is not null)
            return;
        await StartOrCleanUpAsync();
        _admin = await SignUpAsync("admin");
    }

    /// <summary>Stops the server and starts it again in the same folder, on the same port.</summary>
    internal async Task RestartAsync()
    {
        await StopAsync();
        await StartServerAsync(Address.ToString());
    }

    internal async Task StopAsync()
    {
        await _server!.StopAsync();
        await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>A client nobody has signed in with.</summary>
    internal HypersendClient Anonymous(HypersendOptions? options = null)
    {
        var client = new HypersendClient(Address, options);
        _made.Add(client);
        return client;
    }

    /// <summary>A new person: the user name is the nickname with a number, so that tests on one server do not meet.</summary>
    internal async Task<Person> SignUpAsync(string nickname, string? name = null)
    {
        var username = $"{nickname}-{Interlocked.Increment(ref _counter)}";
        var request = new RegisterRequest { Username = username, Email = username + "@example.org", Password = Person.FirstPassword, Name = name };
        var person = await RegisterAsync(request);
        _people[nickname] = person;
        return person;
    }

    /// <summary>A new person exactly as the request says.</summary>
    internal async Task<Person> RegisterAsync(RegisterRequest request)
    {
        var client = Anonymous(ClientOptions);
        return new Person(this, client, await client.Accounts.RegisterAsync(request), request.Email, request.Password);
    }

    /// <summary>The person last signed up under the nickname, on another device.</summary>
    internal Task<Person> SignInAsync(string nickname) => SignInAsync(_people[nickname]);

    internal async Task<Person> SignInAsync(Person person, string? password = null)
    {
        var client = Anonymous(ClientOptions);
        var request = new LoginRequest { Login = person.Username, Password = password ?? person.Password };
        return new Person(this, client, await client.Accounts.LoginAsync(request), person.Email, request.Password);
    }

    public async ValueTask DisposeAsync()
    {
        // A start that failed has cleaned up already.
        if (Interlocked.Exchange(ref _ended, true))
            return;
        if (_server is not null)
            await StopAsync();
        foreach (var made in _made)
            made.Dispose();
        Http.Dispose();
        _mail?.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A request exactly as it is, from nobody unless the headers say otherwise.</summary>
    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request);
    }

    private HypersendOptions ClientOptions => new() { Clock = Clock ?? TimeProvider.System };

    private async Task StartOrCleanUpAsync()
    {
        try
        {
            await StartServerAsync("http://127.0.0.1:0");
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task StartServerAsync(string url)
    {
        string[] usual = [$"--urls={url}", $"--DATA_ROOT={DataRoot}", "--RATE_LIMITS=off", "--PASSWORD_COST=4", "--LOG_LEVEL=warning", "--Logging:Console:LogLevel:Default=None"];
        _server = await HypersendHost.StartAsync([.. usual, .. await _database.SettingsAsync(DataRoot), .. _settings], Clock);
        Logs.AddEarlier(_server.Services.GetRequiredService<LogRing>());
        _server.Services.GetRequiredService<ILoggerFactory>().AddProvider(Logs);
        var addresses = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new Uri(addresses.First(address => address.StartsWith("http:", StringComparison.Ordinal)));
        Http.BaseAddress ??= Address;
    }
}
