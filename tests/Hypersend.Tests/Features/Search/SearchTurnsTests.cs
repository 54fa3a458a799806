using Hypersend.Server.Features.Search;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Tests.Features.Search;

public sealed class SearchTurnsTests
{
    [Fact]
    public async Task Some_search_many_wait_and_one_more_is_refused()
    {
        using var turns = new SearchTurns();
        var end = new TaskCompletionSource();
        var cancellation = TestContext.Current.CancellationToken;
        var running = Math.Max(1, Environment.ProcessorCount / 2);
        var searches = Enumerable.Range(0, running + SearchTurns.MostWaiting).Select(number => turns.RunAsync(() => AnswerAsync(number), cancellation)).ToList();
        await Assert.ThrowsAsync<QueueFullException>(() => turns.RunAsync(() => AnswerAsync(0), cancellation));
        end.SetResult();
        Assert.Equal(Enumerable.Range(0, searches.Count), await Task.WhenAll(searches));

        async Task<int> AnswerAsync(int number)
        {
            await end.Task;
            return number;
        }
    }

    [Fact]
    public async Task Who_no_longer_waits_or_fails_leaves_the_turn_to_others()
    {
        using var turns = new SearchTurns();
        for (var time = 0; time <= SearchTurns.MostWaiting; time++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turns.RunAsync(() => Task.FromResult(1), new CancellationToken(canceled: true)));
            await Assert.ThrowsAsync<InvalidOperationException>(() => turns.RunAsync<int>(() => throw new InvalidOperationException("a bug"), TestContext.Current.CancellationToken));
        }

        Assert.Equal(7, await turns.RunAsync(() => Task.FromResult(7), TestContext.Current.CancellationToken));
    }
}
