using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Hypersend.Load;

/// <summary>Makes another .NET process collect its garbage, so that what it keeps can be told from what it has not yet thrown away.</summary>
internal static class Collector
{
    private const long Collect = 0x800000;

    public static async Task CollectAsync(int processId)
    {
        // The process collects once when somebody begins to listen for this.
        var listen = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, Collect);
        using var session = await new DiagnosticsClient(processId).StartEventPipeSessionAsync(listen, requestRundown: false, circularBufferMB: 4, CancellationToken.None);
        var drained = session.EventStream.CopyToAsync(Stream.Null);
        await session.StopAsync(CancellationToken.None);
        await drained;
    }
}
