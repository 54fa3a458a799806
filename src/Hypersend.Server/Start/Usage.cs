using Hypersend.Server.Platform;
using Hypersend.Server.Start.Verbs;

namespace Hypersend.Server.Start;

/// <summary><c>--help</c> and <c>--version</c>: what one may ask without starting anything.</summary>
internal static class Usage
{
    private const string Head =
        """
        hypersend-server                    starts the server on http://localhost:8000
        hypersend-server --urls http://...  starts it there
        hypersend-server --NAME value       starts it with a setting, which wins over the environment and .env
        hypersend-server --version          says which version this is

        It can also do one thing and end; settings may follow:


        """;

    private const string Where =
        """


        Settings: on the command line, in the environment, in .env or in appsettings.json.


        """;

    /// <summary>The answer; null when the arguments ask for none.</summary>
    public static string? For(string[] args) => args switch
    {
        ["--version" or "-v"] => ServerVersion.Text,
        _ when args.Any(arg => arg is "--help" or "-h" or "-?") => Head + VerbTable.List(VerbTable.All) + Where + Settings(),
        _ => null,
    };

    // The first lines of the file are for those who copy it.
    private static string Settings()
    {
        using var file = typeof(Usage).Assembly.GetManifestResourceStream("settings")!;
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        return text[text.IndexOf("# ---", StringComparison.Ordinal)..];
    }
}
