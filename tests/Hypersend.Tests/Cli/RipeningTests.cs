using Hypersend.Cli.Files;
using Hypersend.Cli.Files.Watching;

namespace Hypersend.Tests.Cli;

public sealed class RipeningTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly Ripening _ripening = new(TimeSpan.FromSeconds(2));
    private readonly Dictionary<string, FileIdentity> _disk = [];

    [Fact]
    public void A_file_is_taken_when_it_stayed_as_it_is_for_the_whole_time()
    {
        Write("a", 1);
        See("a", 0);
        See("a", 1.5);

        Assert.Null(Take(1.9));
        Assert.Equal("a", Take(2)?.Path);
        Assert.Null(Take(10));
    }

    [Fact]
    public void A_file_that_changed_begins_anew_also_when_nobody_said_so()
    {
        Write("a", 1);
        See("a", 0);
        Write("a", 2);

        Assert.Null(Take(2.5));
        Assert.Equal("a", Take(4.5)?.Path);
    }

    [Fact]
    public void A_file_that_is_gone_or_has_another_name_is_forgotten_under_the_old_one()
    {
        Write("a", 1);
        See("a", 0);
        _disk.Remove("a");

        Assert.Null(Take(3));
        Assert.Equal(0, _ripening.Count);
    }

    [Fact]
    public void They_come_in_the_order_in_which_they_were_seen()
    {
        foreach (var (name, at) in (ReadOnlySpan<(string, double)>)[("b", 0), ("a", 0.5)])
        {
            Write(name, 1);
            See(name, at);
        }

        Assert.Equal("b", Take(3)?.Path);
        Assert.Equal("a", Take(3)?.Path);
    }

    private void Write(string name, long version) => _disk[name] = new FileIdentity { Device = 1, Inode = (ulong)name[0], Size = 1, WrittenNs = version };

    private void See(string name, double seconds) => _ripening.See(name, _disk[name], Start.AddSeconds(seconds));

    private (string Path, FileIdentity Identity)? Take(double seconds) => _ripening.Take(Start.AddSeconds(seconds), path => _disk.GetValueOrDefault(path));
}
