namespace Hypersend.FaultTests.Load;

/// <summary>Somebody who does the same again and again.</summary>
internal interface IWorker
{
    /// <summary>The latest moment at which something was begun that was acknowledged.</summary>
    long AcknowledgedFrom { get; }

    /// <summary>Works until told to stop, and ends what was begun.</summary>
    Task RunAsync(CancellationToken stopping);
}
