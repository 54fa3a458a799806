using System.Runtime.CompilerServices;
using Hypersend.Server.Engines.Sql;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>The keys are set or in their files, readable by nobody else, and such that the server takes them.</summary>
internal sealed class SecretsCheck : ICheck
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string Name => "secrets";

    public string Fix => "Put the keys back from your backup, or set them: see Secrets in docs/operations.md.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var (settings, sharesDatabase) = (site.Settings, site.Get<DatabaseUrl>().SqlitePath is null);
        yield return Look(site, "secrets.key", "SECRET_KEY", settings.Text("SECRET_KEY") is not null, "secret.key", derived: false);
        yield return Look(site, "secrets.pepper", "PASSWORD_PEPPER", settings.Text("PASSWORD_PEPPER") is not null, "pepper.key", sharesDatabase);
        yield return Look(site, "secrets.vapid", "VAPID_PRIVATE_KEY", settings.Text("VAPID_PRIVATE_KEY") is not null, "vapid.key", sharesDatabase);

        // Read as the server reads them, and only where reading makes none.
        if (site.HasKey)
            site.Get<KeyRing>();
        if (settings.Text("PASSWORD_PEPPER") is not null || File.Exists(Path.Combine(site.Server.DataRoot, "pepper.key")))
            site.Get<PepperRing>();
    }

    private static Finding Look(Site site, string name, string setting, bool isSet, string file, bool derived)
    {
        if (isSet)
            return Finding.Ok(name, $"{setting} is set");
        if (derived)
            return Finding.Ok(name, "follows from SECRET_KEY");
        var path = Path.Combine(site.Server.DataRoot, file);
        if (!File.Exists(path))
            return Finding.Warning(name, $"{path} is not there", $"It is made at the first start. If this server has run before, put it back from your backup, or set {setting}.");
        var open = OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(path) & Others;
        return Finding.Judge(open == 0, name, open == 0 ? $"{path}, for its owner only" : $"{path} is open to other users of this machine", $"chmod 600 {path}");
    }
}
