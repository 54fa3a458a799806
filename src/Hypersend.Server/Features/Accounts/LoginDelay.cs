namespace Hypersend.Server.Features.Accounts;

/// <summary>How long the next try must wait: nothing for honest slips, then doubling; never a hard lock.</summary>
internal static class LoginDelay
{
    private const int FreeFailures = 5;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    public static TimeSpan After(int failures)
    {
        if (failures < FreeFailures)
            return TimeSpan.Zero;
        var doublings = Math.Min(failures - FreeFailures, 20);
        var delay = TimeSpan.FromSeconds(1L << doublings);
        return delay < Longest ? delay : Longest;
    }
}
