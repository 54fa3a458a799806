namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Looks at one part of a site. What it throws, or that it takes too long, is a finding of its own.</summary>
internal interface ICheck
{
    /// <summary>The part, which begins the names of its findings.</summary>
    string Name { get; }

    /// <summary>What to do when the part does not answer at all.</summary>
    string Fix { get; }

    IAsyncEnumerable<Finding> LookAsync(Site site, CancellationToken cancellation);
}
