using System.Text.Json;
using Hypersend.Server.Start.Verbs;
using Hypersend.Server.Start.Verbs.Check;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Start;

/// <summary>One use of <c>hypersend-server</c> with a verb, and what came of it.</summary>
internal sealed record VerbRun(int Code, string Out, string Error)
{
    /// <summary>A test may run on a machine that has much else to do: what comes is waited for.</summary>
    public static readonly Patience Patient = new(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90));

    /// <summary>For what never comes: that is true at once.</summary>
    public static readonly Patience ForNothing = Patient with { FirstByte = TimeSpan.FromMilliseconds(100) };

    /// <summary>Beside a server that runs, with its settings; what the args say again wins.</summary>
    public static Task<VerbRun> BesideAsync(App app, params string[] args) => TypedAsync(app, "", args);

    /// <summary>The same, with something on standard input.</summary>
    public static Task<VerbRun> TypedAsync(App app, string input, params string[] args)
    {
        var words = args.TakeWhile(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToList();
        return RunAsync(input, [.. words, .. app.Settings, .. args.Skip(words.Count)]);
    }

    public static Task<VerbRun> RunAsync(string input, params string[] args) => RunAsync(input, Patient, args);

    public static async Task<VerbRun> RunAsync(string input, Patience patience, string[] args)
    {
        using var reader = new StringReader(input);
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await VerbTable.RunAsync(args, [.. VerbTable.All.Where(verb => verb is not CheckSite), new CheckSite(patience)], new VerbCall(reader, output, error));
        return new VerbRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The findings of a check that was asked for them as JSON: verdict, what was seen, what to do.</summary>
    public ILookup<string, (string Verdict, string Seen, string? Fix)> Findings()
    {
        using var json = JsonDocument.Parse(Out);
        return json.RootElement.GetProperty("checks").EnumerateArray().ToLookup(
            check => check.GetProperty("name").GetString()!,
            check => (check.GetProperty("verdict").GetString()!, check.GetProperty("seen").GetString()!, check.GetProperty("fix").GetString()));
    }
}
