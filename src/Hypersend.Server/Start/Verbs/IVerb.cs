namespace Hypersend.Server.Start.Verbs;

/// <summary>Something <c>hypersend-server</c> does instead of serving: once, and then it ends.</summary>
internal interface IVerb
{
    VerbForm Form { get; }

    /// <summary>Does it and gives the exit code of the process, one of <see cref="ExitCodes"/>.</summary>
    Task<int> RunAsync(VerbCall call, CancellationToken cancellation);
}
