using System.Runtime.CompilerServices;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Looks at everything the server needs from outside, and says what is wrong and what to do about it.</summary>
internal sealed class CheckSite(Patience patience) : IVerb
{
    private const string Json = "--json";
    private const string Strict = "--strict";
    private const string MailTo = "--mail-to";

    private static readonly IReadOnlyList<ICheck> Checks =
    [
        new SecretsCheck(), new LimitsCheck(), new DiskCheck(), new SqliteCheck(), new PostgresCheck(), new SearchCheck(), new RedisCheck(), new S3Check(),
        new MailCheck(), new TurnCheck(), new TlsCheck(), new ProxyCheck(), new SocketCheck(),
    ];

    public VerbForm Form { get; } = new("check", "looks whether all is set up well, and says what to do about what is not")
    {
        Switches = [Json, Strict],
        Values = new Dictionary<string, string> { [MailTo] = "ADDRESS" },
    };

    public async Task<int> RunAsync(VerbCall call, CancellationToken cancellation)
    {
        var report = new Report(call.Out, call.Has(Json));
        await foreach (var finding in LookAsync(call, cancellation))
            report.Take(finding);
        report.End();
        return report.Wrong > 0 || (call.Has(Strict) && report.Warnings > 0) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private async IAsyncEnumerable<Finding> LookAsync(VerbCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        WebApplication app;
        IReadOnlyList<string> problems;
        try
        {
            (app, problems) = (VerbHost.Beside(call), []);
        }
        catch (WrongSettingsException wrong)
        {
            (app, problems) = (null!, wrong.Problems);
        }

        foreach (var problem in problems)
            yield return Finding.Wrong("settings", problem, "Set it so; docs/operations.md has them all. Nothing else can be looked at before.");
        if (problems.Count > 0)
            yield break;

        await using (app)
        {
            yield return Finding.Ok("settings", "all of them can be read");
            var site = new Site(app.Services, Settings.Read(call.Settings).Settings, call.Value(MailTo), patience);

            // All at once, told in their order: together they take as long as the slowest.
            var looks = Checks.Select(check => AllOfAsync(check, site, cancellation)).ToList();
            foreach (var look in looks)
            {
                foreach (var finding in await look)
                    yield return finding;
            }
        }
    }

    private static async Task<IReadOnlyList<Finding>> AllOfAsync(ICheck check, Site site, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(site.Patience.Whole);
        var look = Task.Run(() => GatherAsync(check, site, findings, end.Token), end.Token);
        try
        {
            // A call into the system may not hear that time is over; it is left behind then.
            await look.WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return With(Finding.Wrong(check.Name, $"no answer within {site.Patience.Whole.TotalSeconds:0} s", check.Fix));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it met is what the operator has to hear; the other parts are still looked at.
            return With(Finding.Wrong(check.Name, Words.Of(exception), check.Fix));
        }

        return findings;

        IReadOnlyList<Finding> With(Finding last)
        {
            // What was left behind may still find something.
            lock (findings)
                return [.. findings, last];
        }
    }

    private static async Task GatherAsync(ICheck check, Site site, List<Finding> findings, CancellationToken cancellation)
    {
        await foreach (var finding in check.LookAsync(site, cancellation).WithCancellation(cancellation))
        {
            lock (findings)
                findings.Add(finding);
        }
    }
}
