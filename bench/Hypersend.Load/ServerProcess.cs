using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Hypersend.Contracts;
using Hypersend.Contracts.Accounts;

namespace Hypersend.Load;

/// <summary>The published server as a process of its own, on a scratch folder and a free port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private ServerProcess(Process process, string folder, Uri url, TimeSpan startedIn)
    {
        _process = process;
        _folder = folder;
        Url = url;
        StartedIn = startedIn;
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 512 }) { BaseAddress = url };
    }

    public Uri Url { get; }

    /// <summary>From the start of the process to the first "ready".</summary>
    public TimeSpan StartedIn { get; }

    public HttpClient Http { get; }

    public static async Task<ServerProcess> StartAsync(RunOptions options, string? folder = null, params string[] settings)
    {
        folder ??= Directory.CreateTempSubdirectory("hypersend-bench-").FullName;
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
        var start = new ProcessStartInfo(options.ServerPath)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in settings.Prepend("--LOG_LEVEL=warning").Prepend("--urls=" + url))
            start.ArgumentList.Add(argument);

        using var probe = new HttpClient { BaseAddress = url };
        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        while (!await IsReadyAsync(probe))
        {
            if (process.HasExited)
                throw new InvalidOperationException("The server ended while starting.");
        }

        return new ServerProcess(process, folder, url, Stopwatch.GetElapsedTime(began));
    }

    public async Task<SignedIn> SignUpAsync(string name)
    {
        var request = new RegisterRequest { Username = name, Email = name + "@example.org", Password = PasswordOf(name) };
        return await PostAsync("/api/v1/auth/register", JsonBody.Of(request, HypersendJson.Wire.RegisterRequest));
    }

    public Task<SignedIn> SignInAsync(string name) => PostAsync(
        "/api/v1/auth/login",
        JsonBody.Of(new LoginRequest { Login = name, Password = PasswordOf(name) }, HypersendJson.Wire.LoginRequest));

    public HttpRequestMessage Me(string accessToken) => new(HttpMethod.Get, "/api/v1/auth/me")
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) },
    };

    /// <summary>Resident memory of the process in bytes.</summary>
    public long Resident()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            // SIGTERM, as an operator would; the drain is part of what runs here.
            using var kill = Process.Start("kill", _process.Id.ToString(CultureInfo.InvariantCulture));
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string PasswordOf(string name) => "a long password of " + name;

    private static async Task<bool> IsReadyAsync(HttpClient probe)
    {
        try
        {
            using var answer = await probe.GetAsync("/health/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<SignedIn> PostAsync(string path, StringContent body)
    {
        using var answer = await Http.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? System.Text.Json.JsonSerializer.Deserialize(text, HypersendJson.Wire.SignedIn)!
            : throw new InvalidOperationException(path + " answered " + text);
    }

    private static class JsonBody
    {
        public static StringContent Of<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
            new(System.Text.Json.JsonSerializer.Serialize(value, type), Encoding.UTF8, "application/json");
    }
}
