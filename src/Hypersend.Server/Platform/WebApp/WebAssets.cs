using System.Collections.Frozen;
using System.Reflection;

namespace Hypersend.Server.Platform.WebApp;

/// <summary>The built web app, read once from the server's own assembly, by request path.</summary>
internal sealed class WebAssets
{
    private const string Prefix = "web/";
    private const string Brotli = ".br";

    private readonly FrozenDictionary<string, WebAsset> _byPath;

    private WebAssets(IEnumerable<KeyValuePair<string, WebAsset>> assets) =>
        _byPath = assets.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The page that starts the app; null when the server was built without it.</summary>
    public WebAsset? Page => Find("/index.html");

    public WebAsset? Find(string path) => _byPath.GetValueOrDefault(path);

    public static WebAssets ReadFrom(Assembly assembly)
    {
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToHashSet();
        return new WebAssets(
            from name in names
            where !name.EndsWith(Brotli, StringComparison.Ordinal)
            let path = $"/{name[Prefix.Length..]}"
            let packed = names.Contains(name + Brotli) ? Read(assembly, name + Brotli) : null
            select KeyValuePair.Create(path, new WebAsset(path, Read(assembly, name), packed)));
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
