using System.Reflection;
using System.Runtime.InteropServices;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>Prefers the system's maintained libsqlite3 and falls back to the older one in the package.</summary>
internal static class SqliteLibrary
{
    private static readonly string[] SystemNames = ["libsqlite3.so.0", "libsqlite3.0.dylib"];

    private static readonly Lazy<(nint Library, string Name)> Loaded = new(LoadOnce);

    /// <summary>Which version it is and where it came from; the first call loads it.</summary>
    public static string Load() => Loaded.Value.Name;

    /// <summary>The address of one of its functions, for what its binding does too slowly.</summary>
    public static nint AddressOf(string function) => NativeLibrary.GetExport(Loaded.Value.Library, function);

    /// <summary>The library itself, wherever it is found.</summary>
    public static nint Open(Assembly provider, out string source)
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
        return NativeLibrary.Load("e_sqlite3", provider, searchPath: null);
    }

    private static (nint Library, string Name) LoadOnce()
    {
        var provider = Assembly.Load("SQLitePCLRaw.provider.e_sqlite3");
        var library = Open(provider, out var source);
        NativeLibrary.SetDllImportResolver(provider, (_, _, _) => library);
        SQLitePCL.Batteries_V2.Init();

        // A connection belongs to one thread at a time: it need not be locked for each value of a row. A twentieth of a page is that.
        // Whoever has begun to use the library before us keeps the locks, which harms nobody.
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
        return (library, $"{SQLitePCL.raw.sqlite3_libversion().utf8_to_string()} ({source})");
    }
}
