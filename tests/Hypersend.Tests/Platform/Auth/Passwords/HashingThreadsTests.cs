using System.Globalization;
using Hypersend.Server.Platform.Auth.Passwords;

namespace Hypersend.Tests.Platform.Auth.Passwords;

public sealed class HashingThreadsTests
{
    [Fact]
    public async Task The_queue_is_bounded_and_a_cancelled_job_leaves_it_unrun()
    {
        using var threads = new HashingThreads(1, limit: 2);
        using var hold = new ManualResetEventSlim();
        var running = new TaskCompletionSource();
        var first = threads.RunAsync(_ => { running.SetResult(); hold.Wait(); return 1; }, default);
        await running.Task;

        using var cancel = new CancellationTokenSource();
        var ran = false;
        var second = threads.RunAsync(_ => ran = true, cancel.Token);
        var third = threads.RunAsync(_ => 3, default);
        Assert.Equal(2, threads.QueueLength);
        await Assert.ThrowsAsync<HashingBusyException>(() => threads.RunAsync(_ => 4, default));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(1, threads.QueueLength);
        var fourth = threads.RunAsync(_ => 4, default);
        hold.Set();
        var done = await Task.WhenAll(first, third, fourth);
        Assert.Equal([1, 3, 4], done);
        Assert.False(ran);
    }

    [Fact]
    public async Task Work_already_cancelled_is_not_queued_and_a_failure_reaches_its_caller()
    {
        using var threads = new HashingThreads(1, limit: 2);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => threads.RunAsync(_ => 1, new CancellationToken(true)));
        await Assert.ThrowsAsync<InvalidDataException>(() => threads.RunAsync<int>(_ => throw new InvalidDataException(), default));
        Assert.Equal(1, await threads.RunAsync(_ => 1, default));
    }

    [Fact]
    public async Task Its_threads_are_nice_and_nobody_elses_become_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux gives threads their own niceness.");
        var own = Niceness();
        using var threads = new HashingThreads(1, limit: 2);
        Assert.Equal(Math.Max(own, 15), await threads.RunAsync(_ => Niceness(), default));
        Assert.Equal(own, Niceness());
    }

    [Fact]
    public async Task Closing_cancels_what_waits_and_refuses_what_comes()
    {
        var threads = new HashingThreads(1, limit: 5);
        using var hold = new ManualResetEventSlim();
        var running = new TaskCompletionSource();
        var first = threads.RunAsync(_ => { running.SetResult(); hold.Wait(); return 1; }, default);
        await running.Task;
        var second = threads.RunAsync(_ => 2, default);
        var closing = Task.Run(threads.Dispose, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        hold.Set();
        await closing;
        Assert.Equal(1, await first);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => threads.RunAsync(_ => 3, default));
    }

    // The nineteenth field; the second, the name in brackets, may hold spaces.
    private static int Niceness() =>
        int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(')')[^1].Trim().Split(' ')[16], CultureInfo.InvariantCulture);
}
