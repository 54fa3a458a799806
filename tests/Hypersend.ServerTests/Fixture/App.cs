using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Hypersend.Contracts.Accounts;
using Hypersend.FaultTests.Processes;
using Hypersend.Sdk;
using Hypersend.Sdk.Realtime;
using Hypersend.Server;
using Hypersend.Server.Platform.Telemetry;
using Hypersend.Server.Start;
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
    private readonly TestStorage _storage;
    private readonly string[] _settings;
    private readonly List<LiveClient> _lives = [];
    private readonly List<WebApplication> _nodes = [];
    private Action<IServiceCollection>? _adjust;
    private Cluster? _cluster;
    private Mailbox? _mail;
    private Person? _admin;
    private int _counter;
    private bool _ended;
    private bool _isInhabited;

    /// <summary>For class fixtures; the runner starts it.</summary>
    public App()
        : this(null, null)
    {
    }

    private App(TimeProvider? clock, App? first, params string[] settings)
    {
        Clock = clock;
        _database = first?._database.Shared() ?? new TestDatabase();
        _storage = first?._storage ?? new TestStorage();
        _settings = settings;
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = System.Net.DecompressionMethods.None });
    }

    /// <summary>Requests as they are: no cookies kept, no redirects followed.</summary>
    public HttpClient Http { get; }

    /// <summary>Of the server; of nginx where there are several nodes behind it.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Of each node, without anything in between.</summary>
    internal IReadOnlyList<Uri> NodeAddresses { get; private set; } = [];

    /// <summary>The first account of a shared server.</summary>
    public Person Admin => _admin ?? throw new InvalidOperationException("This server was started without an admin.");

    public string DataRoot => _folder.Path;

    internal TimeProvider? Clock { get; }

    internal LogCapture Logs { get; } = new();

    internal Mailbox Mail => _mail ??= new Mailbox(Path.Combine(DataRoot, "mail"));

    /// <summary>Of the first node, where there are several.</summary>
    internal IServiceProvider Services => _nodes[0].Services;

    internal IEnumerable<IServiceProvider> EveryNode => _nodes.Select(node => node.Services);

    internal TestDatabase Database => _database;

    /// <summary>All it was started with, as a second process would be given it.</summary>
    internal string[] Settings { get; private set; } = [];

    /// <summary>A server with these settings over the usual ones, and nobody on it.</summary>
    internal static Task<App> StartAsync(params string[] settings) => StartAsync(null, settings);

    internal static async Task<App> StartAsync(TimeProvider? clock, params string[] settings)
    {
        var app = new App(clock, null, settings);
        await app.StartOrCleanUpAsync();
        return app;
    }

    /// <summary>A server with something else in the place of one of its services.</summary>
    internal static Task<App> StartWithAsync(Action<IServiceCollection> adjust, params string[] settings) => StartWithAsync(null, adjust, settings);

    internal static async Task<App> StartWithAsync(TimeProvider? clock, Action<IServiceCollection> adjust, params string[] settings)
    {
        var app = new App(clock, null, settings) { _adjust = adjust };
        await app.StartOrCleanUpAsync();
        return app;
    }

    /// <summary>Another server on this one's database, as a second node would be.</summary>
    internal async Task<App> StartSecondAsync(params string[] settings)
    {
        var app = new App(Clock, this, settings);
        await app.StartOrCleanUpAsync();
        return app;
    }

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        if ((TestDatabase.Missing ?? Cluster.Missing) is not null)
            return;
        await StartOrCleanUpAsync();
        _admin = await SignUpAsync("admin");
    }

    /// <summary>The settings with which a verb of the server's program works on this one's data.</summary>
    internal async Task<string[]> SettingsForVerbsAsync() =>
        [$"--DATA_ROOT={DataRoot}", .. await _database.SettingsAsync(DataRoot), .. await _storage.SettingsAsync(_settings), .. _settings];

    /// <summary>Stops the server and starts it again in the same folder, on the same port.</summary>
    internal async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Starts what was stopped, in the same folder and on the same port.</summary>
    internal Task StartAgainAsync() => StartServerAsync();

    internal async Task StopAsync()
    {
        await Task.WhenAll(_nodes.Select(async node =>
        {
            await node.StopAsync();
            await node.DisposeAsync();
        }));
        _nodes.Clear();
    }

    /// <summary>A client nobody has signed in with.</summary>
    internal HypersendClient Anonymous(HypersendOptions? options = null)
    {
        var client = new HypersendClient(Address, options);
        _made.Add(client);
        return client;
    }

    /// <summary>Ends with this server, when it has not ended before.</summary>
    internal LiveClient Keep(LiveClient live)
    {
        lock (_lives)
            _lives.Add(live);
        return live;
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
        // The first of all becomes the admin when they come from this machine, which nobody does behind a proxy.
        if (_cluster is not null && !_isInhabited)
        {
            using var near = new HypersendClient(NodeAddresses[0], ClientOptions);
            var first = await near.Accounts.RegisterAsync(request);
            _isInhabited = true;
            return new Person(this, Anonymous(new HypersendOptions { Clock = ClientOptions.Clock, Tokens = near.Tokens }), first, request.Email, request.Password);
        }

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
        foreach (var live in _lives)
            await live.DisposeAsync();
        await StopAsync();
        foreach (var made in _made)
            made.Dispose();
        Http.Dispose();
        _mail?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
        Logs.AssertNoSecrets();
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
            // Who stands in for one of the services does it in one process, and a second server beside this one is a node already.
            if (_adjust is null && !_database.IsShared && Cluster.Suits(_settings))
                _cluster = await Cluster.StartAsync(DataRoot);
            await StartServerAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task StartServerAsync()
    {
        var count = _cluster is null ? 1 : Cluster.Nodes;
        var addresses = new List<Uri>();
        for (int node = 0, tries = 1; node < count; tries++)
        {
            var isKnown = node < NodeAddresses.Count;
            try
            {
                addresses.Add(await StartNodeAsync(node, isKnown ? NodeAddresses[node].Port : Ports.Next()));
                node++;
            }
            catch (PreparationException) when (_cluster is not null && !isKnown && tries < 10)
            {
                // Somebody else took the port in between.
            }
        }

        NodeAddresses = addresses;
        if (_cluster is not null)
            await _cluster.OpenAsync(_nodes, addresses);
        Address = _cluster?.Address ?? addresses[0];
        Http.BaseAddress ??= Address;
    }

    private async Task<Uri> StartNodeAsync(int index, int port)
    {
        string[] usual =
        [
            string.Create(CultureInfo.InvariantCulture, $"--urls=http://127.0.0.1:{port}"), $"--DATA_ROOT={DataRoot}", "--RATE_LIMITS=off", "--PASSWORD_COST=4",
            "--LOG_LEVEL=warning", "--Logging:Console:LogLevel:Default=None",
        ];
        Settings = [.. usual, .. await _database.SettingsAsync(DataRoot), .. _cluster?.SettingsOf(index, port) ?? [], .. await _storage.SettingsAsync(_settings), .. _settings];
        var node = await HypersendHost.StartAsync(Settings, Clock, _adjust);
        _nodes.Add(node);
        Logs.AddEarlier(node.Services.GetRequiredService<LogRing>());
        node.Services.GetRequiredService<ILoggerFactory>().AddProvider(Logs);
        var addresses = node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new Uri(addresses.First(address => address.StartsWith("http:", StringComparison.Ordinal)));
    }
}
