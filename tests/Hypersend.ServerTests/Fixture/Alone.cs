namespace Hypersend.ServerTests.Fixture;

/// <summary>For tests that measure the whole process, or time that was promised: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
