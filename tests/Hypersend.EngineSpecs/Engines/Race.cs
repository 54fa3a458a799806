namespace Hypersend.EngineSpecs.Engines;

/// <summary>Lets many start at the same moment.</summary>
internal static class Race
{
    public static async Task<T[]> RunAsync<T>(int runners, Func<int, Task<T>> run)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Enumerable.Range(0, runners).Select(RunAsync).ToArray();
        start.SetResult();
        return await Task.WhenAll(running);

        async Task<T> RunAsync(int runner)
        {
            await start.Task;
            return await run(runner);
        }
    }

    public static Task RunAsync(int runners, Func<int, Task> run) => RunAsync(
        runners,
        async runner =>
        {
            await run(runner);
            return true;
        });
}
