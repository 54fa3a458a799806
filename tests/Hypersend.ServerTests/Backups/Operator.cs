using Hypersend.Server.Start.Verbs;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Backups;

/// <summary>Somebody at the server's command line.</summary>
internal static class Operator
{
    /// <summary>Runs a verb on this server's data; what it said is the answer.</summary>
    public static async Task<Said> RunAsync(this App app, params string[] line) => await RunAsync("", [.. line, .. await app.SettingsForVerbsAsync()]);

    /// <summary>Runs a verb that works; what it said otherwise is why the test fails.</summary>
    public static async Task<string> MustAsync(this App app, params string[] line)
    {
        var said = await app.RunAsync(line);
        Assert.True(said.Code == 0, $"{string.Join(' ', line)}: {said.Code}, {said.Text}");
        return said.Text;
    }

    public static async Task<Said> RunAsync(string typed, string[] line)
    {
        using var output = new StringWriter();
        var code = await VerbTable.RunAsync(line, VerbTable.All, new VerbCall(new StringReader(typed), output, output));
        return new Said(code, output.ToString());
    }

    public sealed record Said(int Code, string Text);
}
