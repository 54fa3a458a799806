using System.Diagnostics;
using System.Globalization;

namespace Hypersend.Load.Files;

/// <summary>The others that take and give files: nginx as most people would set it up, and the server of the tus project.</summary>
internal static class FilePeers
{
    public const string Bucket = "bench";

    /// <summary>nginx with DAV for PUT and sendfile for GET, as many workers as there are cores.</summary>
    public static Task<ChildProcess> StartNginxAsync(string folder)
    {
        var url = ChildProcess.FreeUrl();
        foreach (var name in (string[])["files", "body", "logs", "other"])
            Directory.CreateDirectory(Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, "files", "ready"), "ready");
        var conf = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(conf, string.Create(CultureInfo.InvariantCulture, $$"""
            user root;
            worker_processes auto;
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/logs/error.log;
            events { worker_connections 512; }
            http {
                access_log off;
                sendfile on;
                tcp_nopush on;
                client_max_body_size 0;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/other;
                fastcgi_temp_path {{folder}}/other;
                uwsgi_temp_path {{folder}}/other;
                scgi_temp_path {{folder}}/other;
                server {
                    listen 127.0.0.1:{{url.Port}};
                    root {{folder}}/files;
                    location / { dav_methods PUT DELETE; }
                }
            }
            """));
        return ChildProcess.StartAsync(new ProcessStartInfo("nginx", ["-p", folder, "-c", conf]) { WorkingDirectory = folder }, url, "/ready");
    }

    /// <summary>bench/peers/tus; what it needs is installed the first time.</summary>
    public static async Task<ChildProcess> StartTusAsync(RunOptions options, string folder)
    {
        var program = await InstalledAsync(Path.Combine(options.Root, "bench", "peers", "tus"));
        Directory.CreateDirectory(folder);
        var url = ChildProcess.FreeUrl();
        var start = new ProcessStartInfo("node", ["server.mjs", url.Port.ToString(CultureInfo.InvariantCulture), folder]) { WorkingDirectory = program };
        return await ChildProcess.StartAsync(start, url, "/ready");
    }

    /// <summary>The S3 server of the tests, with one bucket.</summary>
    public static async Task<ChildProcess> StartS3Async(RunOptions options, string folder)
    {
        var program = await InstalledAsync(Path.Combine(options.Root, "tests", "peers", "s3rver"));
        var url = ChildProcess.FreeUrl();
        var port = url.Port.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("node", ["--openssl-legacy-provider", "server.mjs", port, folder, Bucket]) { WorkingDirectory = program };
        return await ChildProcess.StartAsync(start, url, "/");
    }

    private static async Task<string> InstalledAsync(string program)
    {
        if (Directory.Exists(Path.Combine(program, "node_modules")))
            return program;
        using var install = Process.Start(new ProcessStartInfo("npm", ["ci", "--silent"]) { WorkingDirectory = program })!;
        await install.WaitForExitAsync();
        return install.ExitCode == 0 ? program : throw new InvalidOperationException("npm ci failed in " + program);
    }
}
