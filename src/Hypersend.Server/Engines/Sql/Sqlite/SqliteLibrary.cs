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

    private static string LoadOnce()
    {
        var source = "bundled";
        NativeLibrary.SetDllImportResolver(
            Assembly.Load("SQLitePCLRaw.provider.e_sqlite3"),
            (name, assembly, path) =>
            {
                foreach (var candidate in SystemNames)
                {
                    if (NativeLibrary.TryLoad(candidate, out var handle))
                    {
                        source = "system";
                        return handle;
                    }
                }

                return NativeLibrary.Load(name, assembly, path);
            });
        SQLitePCL.Batteries_V2.Init();
        return $"{SQLitePCL.raw.sqlite3_libversion().utf8_to_string()} ({source})";
    }
}
