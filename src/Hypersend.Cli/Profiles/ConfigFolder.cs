using Hypersend.Cli.Start;

namespace Hypersend.Cli.Profiles;

/// <summary>Where this program keeps what it has to remember: <c>$XDG_CONFIG_HOME/hypersend</c> or <c>~/.config/hypersend</c>.</summary>
internal static class ConfigFolder
{
    public static string Of(Surroundings around)
    {
        // A relative path counts as none: so says the specification of these folders.
        var config = around.Variable("XDG_CONFIG_HOME") is { } told && Path.IsPathRooted(told)
            ? told
            : Path.Combine(around.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return Path.Combine(config, "hypersend");
    }

    /// <summary>Makes a folder, and those above it, that nobody else may look into; what is there stays as it is.</summary>
    public static void Make(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (Path.GetDirectoryName(folder) is { } above)
            Make(above);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
