using Hypersend.Server.Features.Search;

namespace Hypersend.Server.Start.Verbs;

/// <summary>Makes the search index anew at full speed.</summary>
internal sealed class RebuildSearch : IVerb
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(2);

    public VerbForm Form { get; } = new("search rebuild", "makes the search index anew, without serving anybody");

    public async Task<int> RunAsync(VerbCall call, CancellationToken cancellation)
    {
        await using var app = await VerbHost.AloneAsync(call);
        var (index, reader, clock) = (
            app.Services.GetRequiredService<ISearchIndex>(), app.Services.GetRequiredService<IndexReader>(), app.Services.GetRequiredService<TimeProvider>());
        await reader.OpenAsync(cancellation);
        await index.ClearAsync(cancellation);
        await reader.OpenAsync(cancellation);
        await reader.CompareAsync(cancellation);
        var (began, told) = (clock.GetTimestamp(), clock.GetTimestamp());

        // What was read is brought together beside the reading, and to its end after it.
        using var read = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tidying = TidyAsync(index, clock, read.Token, cancellation);
        while (await reader.ReadSomeAsync(cancellation))
        {
            if (clock.GetElapsedTime(told) < TellEvery)
                continue;
            told = clock.GetTimestamp();
            await call.Out.WriteLineAsync($"{reader.Done:#,0} messages read");
        }

        await read.CancelAsync();
        await tidying;
        await call.Out.WriteLineAsync(
            $"{reader.Done:#,0} messages read in {clock.GetElapsedTime(began).TotalSeconds:0} s. The search index is complete; start the server.");
        return ExitCodes.Done;
    }

    private static async Task TidyAsync(ISearchIndex index, TimeProvider clock, CancellationToken read, CancellationToken cancellation)
    {
        while (await index.TidyAsync(cancellation) || !read.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(10), clock, cancellation);
    }
}
