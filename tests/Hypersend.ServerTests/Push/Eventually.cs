namespace Hypersend.ServerTests.Push;

/// <summary>For what the server does beside its answers, and of which nothing can be heard but by asking.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> isSo)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
            await tick.WaitForNextTickAsync(late.Token);
    }
}
