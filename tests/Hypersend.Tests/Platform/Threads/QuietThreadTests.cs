using Hypersend.Server.Platform.Threads;

namespace Hypersend.Tests.Platform.Threads;

public sealed class QuietThreadTests
{
    private readonly List<string?> _names = [];

    [Fact]
    public async Task Work_that_waits_goes_on_where_it_began_and_who_waits_for_it_does_not()
    {
        using var thread = new QuietThread("quiet");
        await thread.RunAsync(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                _names.Add(Thread.CurrentThread.Name);
                await Elsewhere();
            }

            await DeeperAsync();
        });
        Assert.NotEqual("quiet", Thread.CurrentThread.Name);
        Assert.Equal(["quiet", "quiet", "quiet", "quiet"], _names);
    }

    [Fact]
    public async Task It_can_be_disposed_by_who_waited_for_its_last_work()
    {
        for (var i = 0; i < 200; i++)
        {
            using var thread = new QuietThread("quiet");
            await thread.RunAsync(() => i % 2 == 0 ? Task.CompletedTask : Elsewhere());
            await thread.RunAsync(() => _names.Add(Thread.CurrentThread.Name));
        }

        Assert.Equal(200, _names.Count(name => name == "quiet"));
    }

    [Fact]
    public async Task What_goes_wrong_is_told_and_the_next_work_runs()
    {
        using var thread = new QuietThread("quiet");
        await Assert.ThrowsAsync<FormatException>(() => thread.RunAsync(async () =>
        {
            await Elsewhere();
            throw new FormatException();
        }));
        await Assert.ThrowsAsync<FormatException>(() => thread.RunAsync(() => throw new FormatException()));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => thread.RunAsync(() => Task.Delay(Timeout.Infinite, cancelled.Token)));
        await thread.RunAsync(() => _names.Add(Thread.CurrentThread.Name));
        Assert.Equal(["quiet"], _names);
    }

    private static Task Elsewhere() => Task.Factory.StartNew(() => { }, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default);

    private async Task DeeperAsync()
    {
        await Elsewhere();
        _names.Add(Thread.CurrentThread.Name);
    }
}
