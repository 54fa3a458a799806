using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hypersend.Server.Platform.Telemetry;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Platform;

/// <summary>The dashboard and the alert rules that are delivered ask for what the server tells, by the names it uses.</summary>
[OneNode("a node tells of itself")]
public sealed partial class DashboardTests(App app) : IClassFixture<App>
{
    // Of Prometheus itself, and of the exporter that looks at the certificate of the proxy in front.
    private static readonly string[] Foreign = ["up", "probe_ssl_earliest_cert_expiry"];

    private static readonly string[] OfProbes = ["instance", "job", "le"];

    [Fact]
    public async Task Every_metric_and_label_of_the_dashboard_and_the_rules_is_told_by_a_running_server()
    {
        // Instruments are made when something of theirs is used first; some wait for a push service or for a second node.
        foreach (var type in typeof(PrometheusText).Assembly.GetTypes().Where(HasInstruments))
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        await app.Anonymous().Accounts.LoginAsync(new() { Login = app.Admin.Username, Password = app.Admin.Password });
        using (await app.SendAsync(HttpMethod.Get, "/nowhere"))
        {
            // A request that is answered with an error is one of the measures.
        }

        var told = Families(await app.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
        var expressions = Expressions();
        Assert.True(expressions.Count > 50, "the files were not read");
        foreach (var (place, expression) in expressions)
        {
            foreach (Match match in Selectors().Matches(Grouping().Replace(Strings().Replace(expression, "\"\""), "")))
            {
                var name = match.Groups["name"].Value;
                if (Foreign.Contains(name))
                    continue;
                var family = told.GetValueOrDefault(name) ?? told.GetValueOrDefault(Suffix().Replace(name, ""));
                Assert.True(family is not null, $"{place} asks for {name}, which /metrics does not tell");
                foreach (Match label in Labels().Matches(match.Groups["labels"].Value))
                {
                    Assert.True(
                        OfProbes.Contains(label.Value) || family.Count == 0 || family.Contains(label.Value),
                        $"{place} asks for {label.Value} of {name}, which has {string.Join(", ", family)}");
                }
            }
        }
    }

    [Fact]
    public void Every_rule_has_a_name_a_severity_and_says_what_to_do()
    {
        var rules = File.ReadAllText(Find("deploy", "prometheus", "alerts.yml"));
        var alerts = rules.Split("- alert: ")[1..];
        Assert.True(alerts.Length > 10);
        Assert.Equal(alerts.Length, alerts.Select(alert => alert.Split('\n')[0]).Distinct().Count());
        Assert.All(alerts, alert =>
        {
            Assert.Matches("severity: (critical|warning)", alert);
            Assert.Matches("summary: \".{15,}\"", alert);
            Assert.Matches("runbook: \"[A-Z0-9].{40,}\\.\"", alert);
        });
    }

    [Fact]
    public async Task The_pages_name_no_metric_that_there_is_not()
    {
        foreach (var type in typeof(PrometheusText).Assembly.GetTypes().Where(HasInstruments))
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        var told = Families(await app.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
        foreach (var page in new[] { "operations.md", "protocol.md" })
        {
            foreach (Match match in Documented().Matches(await File.ReadAllTextAsync(Find("docs", page), TestContext.Current.CancellationToken)))
                Assert.True(told.ContainsKey(match.Groups["name"].Value), $"docs/{page} speaks of {match.Groups["name"].Value}, which /metrics does not tell");
        }
    }

    private static bool HasInstruments(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.NonPublic).Any(field => field.FieldType == typeof(Meter));

    /// <summary>The families by their names, and the labels that their series have.</summary>
    private static Dictionary<string, HashSet<string>> Families(string text)
    {
        var families = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        HashSet<string> current = [];
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                families[line.Split(' ')[2]] = current = [];
            else if (!line.StartsWith('#') && line.IndexOf('{', StringComparison.Ordinal) is > 0 and var open)
                current.UnionWith(LabelNames().Matches(line[open..]).Select(match => match.Groups["label"].Value));
        }

        return families;
    }

    private static List<(string Place, string Expression)> Expressions()
    {
        var found = new List<(string, string)>();
        using (var dashboard = JsonDocument.Parse(File.ReadAllBytes(Find("deploy", "grafana", "hypersend.json"))))
        {
            foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
            {
                if (!panel.TryGetProperty("targets", out var targets))
                    continue;
                found.AddRange(targets.EnumerateArray().Select(target => ("hypersend.json", target.GetProperty("expr").GetString()!)));
            }
        }

        // An expression is one line, or the lines that are indented below the bar.
        foreach (Match match in RuleExpressions().Matches(File.ReadAllText(Find("deploy", "prometheus", "alerts.yml"))))
            found.Add(("alerts.yml", match.Groups["expr"].Value));
        return found;
    }

    private static string Find(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine([folder.FullName, .. path]);
            if (File.Exists(file))
                return file;
        }

        throw new FileNotFoundException("There is no such file above the tests.", Path.Combine(path));
    }

    [GeneratedRegex(@"""[^""]*""")]
    private static partial Regex Strings();

    [GeneratedRegex(@"\bby \([^)]*\)")]
    private static partial Regex Grouping();

    // What stands before a brace, or is a name with an underscore that no bracket of a call follows.
    [GeneratedRegex(@"(?<![\w$])(?<name>[a-z][a-z0-9]*(_[a-z0-9]+)+|up)\b(?!\s*\()(\{(?<labels>[^}]*)\})?")]
    private static partial Regex Selectors();

    [GeneratedRegex(@"\w+(?=\s*[=!])")]
    private static partial Regex Labels();

    [GeneratedRegex(@"[{,](?<label>\w+)=""")]
    private static partial Regex LabelNames();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"expr: (\|\n(?<expr>( {10,}.*\n)+)|(?<expr>.*)\n)")]
    private static partial Regex RuleExpressions();

    [GeneratedRegex("`(?<name>hypersend_[a-z_]+)`")]
    private static partial Regex Documented();
}
