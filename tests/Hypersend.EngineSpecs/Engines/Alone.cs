namespace Hypersend.EngineSpecs.Engines;

/// <summary>For tests that read process-wide counters or measure time: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
