using System.Diagnostics;
using System.Runtime.InteropServices;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Platform.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Admin;

/// <summary>/debug: how the process is and what it logged lately, for server admins.</summary>
internal static class DebugEndpoints
{
    private const int MaxLines = 1_000;

    public static void MapDebug(this IEndpointRouteBuilder api)
    {
        var debug = api.MapGroup("/debug").WithTags("Debug").RequireAdmin().LimitedBy(RateLimitTable.Admin);
        debug.MapGet("/status", GetStatus).WithSummary("How the process is");
        debug.MapGet("/logs", GetLogs).WithSummary("The last log lines of this node");
    }

    private static async Task<Ok<DebugStatus>> GetStatus(
        IAdminStore store, EngineNames engines, ServerOptions server, TimeProvider clock, CancellationToken cancellation)
    {
        var (users, sessions) = await store.CountAsync(cancellation);
        using var process = Process.GetCurrentProcess();
        var startedAt = new DateTimeOffset(process.StartTime.ToUniversalTime());
        return TypedResults.Ok(new DebugStatus
        {
            Version = ServerVersion.Text,
            Runtime = RuntimeInformation.FrameworkDescription,
            Os = RuntimeInformation.OSDescription,
            StartedAt = startedAt,
            UptimeSeconds = (long)(clock.GetUtcNow() - startedAt).TotalSeconds,
            Database = engines.Database,
            Storage = engines.Storage,
            Bus = engines.Bus,
            Mail = engines.Mail,
            ManagedBytes = GC.GetTotalMemory(forceFullCollection: false),
            WorkingSetBytes = process.WorkingSet64,
            Threads = process.Threads.Count,
            DiskFreeBytes = new DriveInfo(server.DataRoot).AvailableFreeSpace,
            Users = users,
            Sessions = sessions,
        });
    }

    private static Results<Ok<DebugLogs>, Problem> GetLogs(LogRing ring, string? level, int? limit)
    {
        // A number would be taken for a level too, whatever it is.
        if (!Enum.TryParse<LogLevel>(level ?? nameof(LogLevel.Information), ignoreCase: true, out var atLeast) || int.TryParse(level, out _))
            return new Problem(Failure.OfField(ErrorCodes.ValidationFailed, "level", "must be one of: information, warning, error, critical"));
        return TypedResults.Ok(new DebugLogs { Items = ring.Latest(Math.Clamp(limit ?? 200, 1, MaxLines), atLeast) });
    }
}
