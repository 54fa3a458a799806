namespace Hypersend.Server.Start.Verbs;

/// <summary>Asks the server that runs here whether it is ready: for containers and scripts, where there may be nothing else to ask with.</summary>
internal sealed class AskHealth : IVerb
{
    /// <summary>How long it waits for the answer: less than whoever runs it every few seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(4);

    public VerbForm Form { get; } = new("health", "asks the server that runs here whether it is ready");

    public async Task<int> RunAsync(VerbCall call, CancellationToken cancellation)
    {
        var (_, settings) = Settings.Read(call.Settings);
        var address = Listening.From(settings).FirstUrl;
        settings.ThrowIfWrong();

        // It is on this machine: whatever proxy the environment names does not lead to it.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri(new Uri(address), "/health/ready"), cancellation);
            if (answer.IsSuccessStatusCode)
            {
                await call.Out.WriteLineAsync($"{address} is ready.");
                return ExitCodes.Done;
            }

            await call.Error.WriteLineAsync($"{address} is not ready: it answers {(int)answer.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            await call.Error.WriteLineAsync($"{address} does not answer: {exception.Message}");
        }

        return ExitCodes.Failed;
    }
}
