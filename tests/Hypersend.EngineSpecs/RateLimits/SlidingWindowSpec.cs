using Hypersend.Server.Platform.RateLimits;

namespace Hypersend.EngineSpecs.RateLimits;

public sealed class SlidingWindowSpec : RateWindowSpec
{
    private protected override Task<IReadOnlyList<IRateWindow>> NodesAsync() =>
        Task.FromResult<IReadOnlyList<IRateWindow>>([new SlidingWindow(TimeProvider.System)]);
}
