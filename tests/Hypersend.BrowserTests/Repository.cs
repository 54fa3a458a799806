namespace Hypersend.BrowserTests;

/// <summary>Where things lie, seen from the test's own assembly.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Screens { get; } = Directory.CreateDirectory(Path.Combine(Root, "TestResults", "screens")).FullName;

    public static string Axe => Path.Combine(Root, "src", "Hypersend.Web", "node_modules", "axe-core", "axe.min.js");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Hypersend.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests lie outside the repository.");
    }
}
