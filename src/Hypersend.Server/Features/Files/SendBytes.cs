using System.Buffers;
using Hypersend.Server.Platform.Problems;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Hypersend.Server.Features.Files;

/// <summary>Sends the parts of an answer; what cannot be sent to its end is cut, so that it never looks whole.</summary>
internal sealed partial class SendBytes(ILogger<SendBytes> log)
{
    /// <summary>True when everything was handed over.</summary>
    public async Task<bool> HandleAsync(HttpContext context, ByteAnswer answer, IByteSource source, RunningDownload run)
    {
        // The web server's own rule knows nothing of people on bad lines; ours is with the running downloads.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        try
        {
            await context.Response.StartAsync(run.Token);
            for (var part = 0; part < answer.Parts.Count; part++)
            {
                if (answer.Multipart is { } multipart)
                    run.Writer.Write(multipart.Head(part).Span);
                await source.CopyAsync(answer.Parts[part].From, answer.Parts[part].To, run);
            }

            if (answer.Multipart is not null)
                run.Writer.Write(answer.Multipart.Tail.Span);
            await run.FlushAsync();
            await context.Response.CompleteAsync();
            return !run.Token.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (run.Token.IsCancellationRequested)
        {
            return false;
        }
        catch (BytesEndedException)
        {
            run.Cut();
            return false;
        }
        catch (Exception exception) when (exception is EngineUnavailableException or DamagedBytesException or FileNotFoundException)
        {
            Broke(log, exception);
            run.Cut();
            return false;
        }
    }

    [LoggerMessage(415, LogLevel.Warning, "A download was cut: its bytes could not be read")]
    private static partial void Broke(ILogger log, Exception exception);
}
