using Hypersend.Server.Platform.Threads;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// What the bodies that come in at once owe to everybody else: they stand still for who goes first, and each gathers less when
/// they are many. However many they are and however slowly they come, what they hold together stays bounded.
/// </summary>
internal sealed class BodyFlow(RightOfWay way)
{
    // A trip to the disk's threads costs as much as some ten kilobytes: many small ones would be slower than the disk.
    private const int MostGathered = 256 * 1024;
    private const int LeastGathered = 16 * 1024;
    private const int Together = 32 * 1024 * 1024;

    private int _bodies;

    /// <summary>Another body begins; disposed when it has ended.</summary>
    public Body Begin()
    {
        Interlocked.Increment(ref _bodies);
        return new Body(this, way);
    }

    public readonly struct Body(BodyFlow flow, RightOfWay way) : IDisposable
    {
        /// <summary>How much is gathered before it goes on its way, as many as they are now.</summary>
        public int Step => Math.Clamp(Together / Math.Max(1, Volatile.Read(ref flow._bodies)), LeastGathered, MostGathered);

        public Task GiveWayAsync() => way.GiveAsync();

        public void Dispose() => Interlocked.Decrement(ref flow._bodies);
    }
}
