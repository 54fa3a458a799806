using Hypersend.Server.Start.Verbs.Check;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Start;

/// <summary>hypersend-server check, through a real nginx that is wrong in one way after the other.</summary>
[OneNode("a verb beside one server")]
public sealed class CheckProxyTests(Proxies proxies) : IClassFixture<Proxies>
{
    [Fact]
    public async Task A_proxy_that_is_set_up_well_is_said_to_be()
    {
        var (code, findings) = await CheckAsync("well", VerbRun.Patient);
        Assert.Equal(0, code);
        var names = new[] { "public", "public.clock", "public.body", "public.buffering", "public.address", "public.scheme", "socket", "database.schema", "disk.data", "settings" };
        Assert.All(names, name => Assert.Equal((name, "ok"), (name, Assert.Single(findings[name]).Verdict)));
        Assert.Contains("127.0.0.1", findings["public.address"].Single().Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_as_its_package_leaves_it_is_wrong_in_three_ways_and_each_has_its_cure()
    {
        var (code, findings) = await CheckAsync("bare", VerbRun.ForNothing);
        Assert.Equal(1, code);
        IsWrong(findings, "public.body", "413", "client_max_body_size 0;");
        IsWrong(findings, "public.buffering", "keeps a body until it is whole", "proxy_request_buffering off;");
        IsWrong(findings, "socket", "instead of 101", "proxy_set_header Upgrade $http_upgrade;");
        Assert.Equal("ok", Assert.Single(findings["public"]).Verdict);
        Assert.Equal("warning", Assert.Single(findings["public.scheme"]).Verdict);
    }

    [Fact]
    public async Task A_proxy_that_keeps_bodies_back_is_found_also_where_they_may_be_large()
    {
        var (code, findings) = await CheckAsync("keeping", VerbRun.ForNothing);
        Assert.Equal(1, code);
        IsWrong(findings, "public.buffering", "keeps a body until it is whole", "proxy_request_buffering off;");
        Assert.Equal("ok", Assert.Single(findings["public.body"]).Verdict);
    }

    [Fact]
    public async Task A_proxy_that_nobody_trusts_is_taken_for_everybody()
    {
        var (code, findings) = await CheckAsync("stranger", VerbRun.Patient);
        Assert.Equal(1, code);
        IsWrong(findings, "public.address", "takes the proxy, 127.0.0.2, for everybody", "TRUSTED_PROXIES=127.0.0.2");
    }

    [Fact]
    public async Task A_certificate_of_nobody_and_a_forgotten_scheme_are_found()
    {
        var (code, findings) = await CheckAsync("tls", VerbRun.Patient);
        Assert.Equal(1, code);
        IsWrong(findings, "tls.certificate", "nobody this machine trusts has signed", "fullchain.pem");
        IsWrong(findings, "public.scheme", "takes a request to https for http", "X-Forwarded-Proto");
        Assert.Equal("warning", Assert.Single(findings["tls.http2"]).Verdict);
        Assert.Equal("ok", Assert.Single(findings["public"]).Verdict);
    }

    [Fact]
    public async Task Another_server_at_our_address_is_not_taken_for_this_one()
    {
        var (code, findings) = await CheckAsync("elsewhere", VerbRun.Patient);
        Assert.Equal(1, code);
        IsWrong(findings, "public", "answers 200, and is not this server", "hand every path on");

        // This very one, for somebody with another key.
        var (foreign, others) = await CheckAsync("well", VerbRun.Patient, "--SECRET_KEY=another key of another server, 0123456789");
        Assert.Equal(1, foreign);
        IsWrong(others, "public", "answers 404, and is not this server", "another SECRET_KEY");
    }

    private static void IsWrong(ILookup<string, (string Verdict, string Seen, string? Fix)> findings, string name, string seen, string fix)
    {
        var finding = Assert.Single(findings[name]);
        Assert.Equal("wrong", finding.Verdict);
        Assert.Contains(seen, finding.Seen, StringComparison.Ordinal);
        Assert.Contains(fix, finding.Fix, StringComparison.Ordinal);
    }

    private async Task<(int Code, ILookup<string, (string Verdict, string Seen, string? Fix)> Findings)> CheckAsync(string way, Patience patience, params string[] more)
    {
        Proxies.AreNeeded();
        string[] settings = [.. proxies.App.Settings, "--PUBLIC_URL=" + proxies.Through(way), .. more];
        var run = await VerbRun.RunAsync("", patience, ["check", "--json", .. settings]);
        return (run.Code, run.Findings());
    }
}
