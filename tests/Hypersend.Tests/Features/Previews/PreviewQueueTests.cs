using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Previews;

namespace Hypersend.Tests.Features.Previews;

public sealed class PreviewQueueTests
{
    private readonly PreviewQueue _queue = new();
    private readonly UserId _ana = NewUser();
    private readonly UserId _bela = NewUser();
    private readonly UserId _carl = NewUser();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forty_links_to_a_slow_page_hold_one_lane_and_another_s_link_goes_at_once()
    {
        for (var i = 0; i < 40; i++)
            Add(_ana, $"https://slow.example.org/{i}");
        Assert.Equal("https://slow.example.org/0", (await NextAsync()).Link);
        Add(_carl, "https://other.example.org:81/");
        Add(_bela, "https://example.com/");

        Assert.Equal("https://example.com/", (await NextAsync()).Link);
    }

    [Fact]
    public async Task People_take_turns_and_each_has_one_at_a_time()
    {
        for (var i = 0; i < 3; i++)
            Add(_ana, $"https://a{i}.example{i}.org/");
        Add(_bela, "https://example.com/");

        var first = await NextAsync();
        var second = await NextAsync();
        _queue.Done(first);
        var third = await NextAsync();
        Add(_bela, "https://example.net/");
        _queue.Done(third);
        _queue.Done(second);

        Assert.Equal([_ana, _bela, _ana], [first.Author, second.Author, third.Author]);
        Assert.Equal(new[] { _ana, _bela }.ToHashSet(), new[] { (await NextAsync()).Author, (await NextAsync()).Author }.ToHashSet());
    }

    [Fact]
    public async Task A_link_whose_host_is_asked_already_waits_for_it_and_the_next_one_of_the_same_person_goes_before()
    {
        Add(_ana, "https://example.org/1");
        Add(_bela, "https://example.org/2");
        Add(_bela, "https://example.com/3");

        var first = await NextAsync();
        var other = await NextAsync();
        _queue.Done(other);
        var waiting = NextAsync();
        _queue.Done(first);

        Assert.Equal(("https://example.com/3", "https://example.org/2"), (other.Link, (await waiting).Link));
    }

    [Fact]
    public async Task Nobody_fills_it_alone()
    {
        for (var i = 0; i < PreviewQueue.MostOfPerson; i++)
            Assert.True(Add(_ana, $"https://example.org/{i}"));

        Assert.False(Add(_ana, "https://example.org/more"));
        Assert.True(Add(_bela, "https://example.com/"));
        _queue.Done(await NextAsync());
        Assert.True(Add(_ana, "https://example.org/again"));
    }

    [Fact]
    public void A_host_that_was_too_slow_rests_for_a_minute()
    {
        var clock = new ManualClock();
        var slow = new SlowHosts(clock);

        slow.Note(new Uri("https://example.org:81/a"));

        Assert.True(slow.IsResting(new Uri("https://example.org:82/b")));
        Assert.False(slow.IsResting(new Uri("https://example.org/")));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(slow.IsResting(new Uri("https://example.org:81/a")));
    }

    private bool Add(UserId author, string link) => _queue.TryAdd(new PreviewJob(author, 1, link));

    private async Task<PreviewJob> NextAsync() => await _queue.TakeAsync(Cancellation);

    private static UserId NewUser() => new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
}
