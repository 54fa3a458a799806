using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Links;

namespace Hypersend.Tests.Features.Files;

public sealed class LinkProofsTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_password_that_was_right_is_right_for_a_while_for_this_link_alone()
    {
        var proofs = new LinkProofs(_clock);
        var (link, other) = (LinkOf("hash"), LinkOf("hash"));
        Assert.False(proofs.Has(link, "open"));
        proofs.Add(link, "open");
        Assert.True(proofs.Has(link, "open"));
        Assert.False(proofs.Has(link, "Open"));
        Assert.False(proofs.Has(other, "open"));
        Assert.False(proofs.Has(link with { PasswordHash = "another" }, "open"));
        Assert.False(new LinkProofs(_clock).Has(link, "open"));
        _clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(proofs.Has(link, "open"));
    }

    [Fact]
    public void However_many_come_a_bounded_number_is_kept()
    {
        var proofs = new LinkProofs(_clock);
        var link = LinkOf("hash");
        for (var number = 0; number < 3 * LinkProofs.Most; number++)
            proofs.Add(link, $"password {number % (2 * LinkProofs.Most)}");
        Assert.Equal(LinkProofs.Most, proofs.Count);
        _clock.Advance(TimeSpan.FromMinutes(6));
        proofs.Add(link, "fresh");
        Assert.Equal(1, proofs.Count);
    }

    private static LinkRow LinkOf(string hash) => new() { Id = new LinkId(Guid.CreateVersion7(DateTimeOffset.UnixEpoch)), PasswordHash = hash };
}
