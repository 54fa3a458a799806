using System.Reflection;
using System.Runtime.InteropServices;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>Prefers the system's maintained libsqlite3 and falls back to the older one in the package.</summary>
internal static class SqliteLibrary
{
    private static readonly string[] SystemNames = ["libsqlite3.so.0", "libsqlite3.0.dylib"];

    private static readonly Lazy<string> Loaded = new(LoadOnce);

    /// <summary>Where the library came from; the first call loads it.</summary>
    public static string Load() => Loaded.Value;

    /// <summary>The library itself, wherever it is found.</summary>
    public static nint Open(Assembly provider, out string source, string name = "e_sqlite3", DllImportSearchPath? path = null)
    {
        foreach (var candidate in SystemNames)
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
            {
                source = "system";
                return handle;
            }
        }

        source = "bundled";
        return NativeLibrary.Load(name, provider, path);
    }

    private static string LoadOnce()
    {
        var source = "bundled";
        NativeLibrary.SetDllImportResolver(Assembly.Load("SQLitePCLRaw.provider.e_sqlite3"), (name, assembly, path) => Open(assembly, out source, name, path));
        SQLitePCL.Batteries_V2.Init();
        return $"{SQLitePCL.raw.sqlite3_libversion().utf8_to_string()} ({source})";
    }
}
