using System.Net.Security;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Start.Verbs.Check;

namespace Hypersend.Tests.Start.Verbs;

/// <summary>What the checks make of what they cannot be made to see here: other versions, other clocks, other disks.</summary>
public sealed class JudgementTests
{
    private const long Giga = 1L << 30;

    [Theory]
    [InlineData("nfs4", "Wrong")]
    [InlineData("cifs", "Wrong")]
    [InlineData("fuse.sshfs", "Wrong")]
    [InlineData("ext4", "Ok")]
    [InlineData("xfs", "Ok")]
    [InlineData("overlay", "Ok")]
    public void Sqlite_is_wrong_on_a_disk_of_the_network(string format, string verdict) =>
        Assert.Equal(verdict, SqliteCheck.JudgeFolder("data/hypersend.db", format).Verdict.ToString());

    [Theory]
    [InlineData(100, 200, "Ok")]
    [InlineData(9, 200, "Warning")]
    [InlineData(1, 10, "Warning")]
    [InlineData(0, 10, "Wrong")]
    public void A_disk_is_judged_by_what_the_floor_leaves(long freeGiga, long totalGiga, string verdict) =>
        Assert.Equal(verdict, DiskCheck.JudgeRoom("disk.room", "data", freeGiga * Giga, totalGiga * Giga, Giga / 2).Verdict.ToString());

    [Theory]
    [InlineData("Max open files            1024                 4096                 files", "Warning")]
    [InlineData("Max open files            1024                 524288               files", "Ok")]
    [InlineData("Max open files            unlimited            unlimited            files", "Ok")]
    public void The_limit_that_counts_is_the_hard_one(string line, string verdict) =>
        Assert.Equal(verdict, LimitsCheck.Judge(["Limit                     Soft Limit           Hard Limit           Units", line]).Verdict.ToString());

    [Fact]
    public void An_old_postgresql_or_one_that_loses_commits_is_wrong()
    {
        Assert.Equal(Verdict.Wrong, PostgresCheck.JudgeVersion(14).Verdict);
        Assert.Equal(Verdict.Ok, PostgresCheck.JudgeVersion(15).Verdict);
        Assert.Equal(Verdict.Ok, PostgresCheck.JudgeDurability("on", "on", "on").Verdict);
        Assert.Equal(Verdict.Ok, PostgresCheck.JudgeDurability("remote_apply", "on", "on").Verdict);
        Assert.Equal(Verdict.Wrong, PostgresCheck.JudgeDurability("off", "on", "on").Verdict);
        Assert.Equal(Verdict.Wrong, PostgresCheck.JudgeDurability("on", "off", "on").Verdict);
        Assert.Equal(Verdict.Warning, PostgresCheck.JudgeDurability("on", "on", "off").Verdict);
        Assert.Equal(Verdict.Ok, PostgresCheck.JudgeConnections(20, 100).Verdict);
        Assert.Equal(Verdict.Warning, PostgresCheck.JudgeConnections(95, 100).Verdict);
    }

    [Theory]
    [InlineData("5.0.14", "Wrong")]
    [InlineData("", "Wrong")]
    [InlineData("6.2.1", "Ok")]
    [InlineData("10.0", "Ok")]
    public void Redis_is_new_enough_from_6_on(string version, string verdict) => Assert.Equal(verdict, RedisCheck.JudgeVersion(version).Verdict.ToString());

    [Fact]
    public void A_limit_of_redis_is_fine_when_it_makes_room_by_itself()
    {
        Assert.Equal(Verdict.Ok, RedisCheck.JudgeMemory(0, "noeviction").Verdict);
        Assert.Equal(Verdict.Warning, RedisCheck.JudgeMemory(Giga, "noeviction").Verdict);
        Assert.Equal(Verdict.Ok, RedisCheck.JudgeMemory(Giga, "allkeys-lru").Verdict);
    }

    [Fact]
    public void Clocks_may_differ_a_little()
    {
        Assert.Equal(Verdict.Ok, SchemaFindings.Clock("clock", "its clock", TimeSpan.FromSeconds(-0.5)).Verdict);
        Assert.Equal(Verdict.Warning, SchemaFindings.Clock("clock", "its clock", TimeSpan.FromSeconds(-2)).Verdict);
        var wrong = SchemaFindings.Clock("clock", "its clock", TimeSpan.FromSeconds(90));
        Assert.Equal((Verdict.Wrong, "its clock differs from this machine's by 90 s"), (wrong.Verdict, wrong.Seen));
        Assert.Equal(Verdict.Ok, S3Check.JudgeSkew(TimeSpan.FromMinutes(-4)).Verdict);
        Assert.Equal(Verdict.Wrong, S3Check.JudgeSkew(TimeSpan.FromMinutes(-16)).Verdict);
    }

    [Fact]
    public void A_certificate_is_judged_by_its_end_its_name_and_who_signed_it()
    {
        Assert.Equal("the certificate of a.example is good for 60 more days", TlsCheck.Judge("a.example", SslPolicyErrors.None, TimeSpan.FromDays(60)).Seen);
        Assert.Equal(Verdict.Warning, TlsCheck.Judge("a.example", SslPolicyErrors.None, TimeSpan.FromDays(5)).Verdict);
        Assert.Contains("has ended", TlsCheck.Judge("a.example", SslPolicyErrors.RemoteCertificateChainErrors, TimeSpan.FromDays(-1)).Seen, StringComparison.Ordinal);
        Assert.Contains("is not for a.example", TlsCheck.Judge("a.example", SslPolicyErrors.RemoteCertificateNameMismatch, TimeSpan.FromDays(60)).Seen, StringComparison.Ordinal);
        Assert.Equal(Verdict.Wrong, TlsCheck.Judge("a.example", SslPolicyErrors.RemoteCertificateChainErrors, TimeSpan.FromDays(60)).Verdict);
    }

    [Fact]
    public void A_forwarded_address_that_is_not_believed_names_whom_to_trust()
    {
        var arrival = new Arrival { Address = "10.0.0.5", Peer = "10.0.0.5", IsForwarded = true };
        Assert.EndsWith("TRUSTED_PROXIES=10.0.0.5", ProxyCheck.JudgeAddress(arrival).Fix, StringComparison.Ordinal);
        Assert.Equal(Verdict.Ok, ProxyCheck.JudgeAddress(arrival with { IsTrusted = true, Address = "198.51.100.7" }).Verdict);
        Assert.Equal(Verdict.Ok, ProxyCheck.JudgeAddress(arrival with { IsForwarded = false }).Verdict);
        var url = new Uri("https://chat.example.org");
        Assert.Equal(Verdict.Ok, ProxyCheck.JudgeScheme(url, new Arrival { IsHttps = true, Host = "chat.example.org" }).Verdict);
        Assert.Equal(Verdict.Wrong, ProxyCheck.JudgeScheme(url, new Arrival { Host = "chat.example.org" }).Verdict);
        Assert.Equal(Verdict.Warning, ProxyCheck.JudgeScheme(url, new Arrival { IsHttps = true, Host = "backend" }).Verdict);
    }

    [Fact]
    public void Whether_a_body_or_an_answer_was_kept_is_told_by_what_the_server_saw_first()
    {
        Assert.Equal(Verdict.Ok, ProxyCheck.JudgeBuffering(cameAtOnce: true, 1).Verdict);
        Assert.Contains("keeps a body", ProxyCheck.JudgeBuffering(cameAtOnce: false, 4096).Seen, StringComparison.Ordinal);
        Assert.Contains("keeps an answer", ProxyCheck.JudgeBuffering(cameAtOnce: false, 1).Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_is_ahead_by_what_cannot_have_passed_meanwhile()
    {
        var asked = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, SchemaFindings.Ahead(asked.AddSeconds(3), asked, asked.AddSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(2), SchemaFindings.Ahead(asked.AddSeconds(7), asked, asked.AddSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(-4), SchemaFindings.Ahead(asked.AddSeconds(-4), asked, asked.AddSeconds(5)));
    }

    [Theory]
    [InlineData("turn:turn.example.org", "turn.example.org:3478 by UDP")]
    [InlineData("turn:turn.example.org:80?transport=tcp", "turn.example.org:80 by TCP")]
    [InlineData("turns:turn.example.org", "turn.example.org:5349 by TLS")]
    [InlineData("stun:[2001:db8::1]:3479", "2001:db8::1:3479 by UDP")]
    [InlineData("turn:", null)]
    [InlineData("http://turn.example.org", null)]
    public void Addresses_of_turn_are_read_as_browsers_read_them(string text, string? read) => Assert.Equal(read, StunUrl.Parse(text)?.ToString());
}
