namespace Hypersend.Server.Platform.Health;

/// <summary>Asks one part of the server whether it works; throws when it does not.</summary>
internal interface IHealthProbe
{
    /// <summary>database, storage or bus.</summary>
    string Service { get; }

    Task ProbeAsync(CancellationToken cancellation);
}
