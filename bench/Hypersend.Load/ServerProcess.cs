using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hypersend.Contracts;
using Hypersend.Contracts.Accounts;

namespace Hypersend.Load;

/// <summary>The published server as a process of its own, on a scratch folder and a free port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly bool _ownsFolder;

    private ServerProcess(ChildProcess process, string folder, bool ownsFolder)
    {
        _process = process;
        _ownsFolder = ownsFolder;
        Folder = folder;
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 512 }) { BaseAddress = process.Url };
    }

    /// <summary>Where the process runs; its data is in <c>data</c> below.</summary>
    public string Folder { get; }

    public string DataRoot => Path.Combine(Folder, "data");

    /// <summary>Null: the server made its own and keeps it in its folder.</summary>
    public string? SecretKey { get; private init; }

    /// <summary>Where its database is when that is PostgreSQL.</summary>
    public string? Postgres { get; private init; }

    public Uri Url => _process.Url;

    public int ProcessId => _process.Id;

    /// <summary>From the start of the process to the first "ready".</summary>
    public TimeSpan StartedIn => _process.StartedIn;

    public HttpClient Http { get; }

    /// <summary>A folder that is given stays when the server goes.</summary>
    public static async Task<ServerProcess> StartAsync(RunOptions options, string? folder = null, params string[] settings)
    {
        var place = folder ?? Directory.CreateTempSubdirectory("hypersend-bench-").FullName;
        var url = ChildProcess.FreeUrl();
        var start = new ProcessStartInfo(options.ServerPath) { WorkingDirectory = place };
        foreach (var argument in settings.Prepend("--LOG_LEVEL=warning").Prepend("--urls=" + url))
            start.ArgumentList.Add(argument);
        return new ServerProcess(await ChildProcess.StartAsync(start, url, "/health/ready"), place, ownsFolder: folder is null)
        {
            SecretKey = Setting(settings, "--SECRET_KEY="),
            Postgres = Setting(settings, "--DATABASE_URL="),
        };
    }

    public async Task<SignedIn> SignUpAsync(string name)
    {
        var request = new RegisterRequest { Username = name, Email = name + "@example.org", Password = PasswordOf(name) };
        return await PostAsync("/api/v1/auth/register", request, HypersendJson.Wire.RegisterRequest);
    }

    public Task<SignedIn> SignInAsync(string name) => PostAsync(
        "/api/v1/auth/login", new LoginRequest { Login = name, Password = PasswordOf(name) }, HypersendJson.Wire.LoginRequest);

    public HttpRequestMessage Me(string accessToken) => new(HttpMethod.Get, "/api/v1/auth/me")
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) },
    };

    /// <summary>Resident memory of the process in bytes.</summary>
    public long Resident() => _process.Resident();

    /// <summary>How long processors have worked for it.</summary>
    public TimeSpan Worked() => _process.Worked();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }

    private static string? Setting(string[] settings, string name) =>
        settings.FirstOrDefault(setting => setting.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    public static string PasswordOf(string name) => "a long password of " + name;

    private async Task<SignedIn> PostAsync<T>(string path, T request, JsonTypeInfo<T> type)
    {
        using var body = new StringContent(JsonSerializer.Serialize(request, type), Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize(text, HypersendJson.Wire.SignedIn)!
            : throw new InvalidOperationException(path + " answered " + text);
    }
}
