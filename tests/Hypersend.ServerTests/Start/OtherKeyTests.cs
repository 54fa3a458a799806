using System.Security.Cryptography;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Start;

/// <summary>Nodes of one site that do not have the same key take each other's people for strangers, and nothing else says why.</summary>
[OneNode("the nodes of one site are started here one by one")]
public sealed class OtherKeyTests
{
    private const int OtherKey = 61;

    [Fact]
    public async Task A_server_with_another_key_than_the_last_one_says_so_at_its_start()
    {
        var (first, second) = (Make(), Make());
        await using var app = await App.StartAsync("--SECRET_KEY=" + first);
        Assert.Equal(0, SaidBy(app));

        await using (var other = await app.StartSecondAsync("--SECRET_KEY=" + second))
            Assert.Equal(1, SaidBy(other));
        await using (var turned = await app.StartSecondAsync("--SECRET_KEY=" + first, "--SECRET_KEY_PREVIOUS=" + second))
            Assert.Equal(0, SaidBy(turned));
        await using var same = await app.StartSecondAsync("--SECRET_KEY=" + first);
        Assert.Equal(0, SaidBy(same));
    }

    private static string Make() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static int SaidBy(App app) => app.Logs.Lines.Count(line => line.EventId == OtherKey);
}
