using System.Reflection;

namespace Hypersend.Server.Platform;

/// <summary>The version this program was built as.</summary>
internal static class ServerVersion
{
    public static string Text { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
