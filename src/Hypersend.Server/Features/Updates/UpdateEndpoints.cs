using System.Text.RegularExpressions;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Updates;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Updates;

/// <summary>/updates: which version of a client is the newest here.</summary>
internal static partial class UpdateEndpoints
{
    public static void MapUpdates(this IEndpointRouteBuilder api)
    {
        var updates = api.MapGroup("/updates").WithTags("Updates").LimitedBy(RateLimitTable.Open);
        updates.MapGet("/check", Check).WithSummary("Whether a newer version is there").AllowAnonymous();
        updates.MapGet("/latest", Latest).WithSummary("The newest release of each platform").AllowAnonymous();
        updates.MapPost("/release", Publish).WithSummary("Publish a release").RequireAdmin();
    }

    private static async Task<Results<Ok<UpdateCheck>, Problem>> Check(
        IReleaseStore releases, string? platform, string? current_version, CancellationToken cancellation)
    {
        if (platform is null || !PlatformShape().IsMatch(platform))
            return new Problem(Failure.OfField(ErrorCodes.ValidationFailed, "platform", "must be a word such as linux-x64, windows or android"));
        if (current_version is null || !VersionShape().IsMatch(current_version))
            return new Problem(Failure.OfField(ErrorCodes.ValidationFailed, "current_version", "must be a version such as 1.4.0"));

        var newer = (await releases.ListAsync(platform, cancellation))
            .Where(release => VersionOrder.Instance.Compare(release.Version, current_version) > 0)
            .OrderBy(release => release.Version, VersionOrder.Instance)
            .ToList();
        return TypedResults.Ok(new UpdateCheck
        {
            UpdateAvailable = newer.Count > 0,
            Mandatory = newer.Any(release => release.Mandatory),
            CurrentVersion = current_version,
            LatestVersion = newer.Count > 0 ? newer[^1].Version : current_version,
            Release = newer.LastOrDefault(),
        });
    }

    private static async Task<Results<Ok<Page<Release>>, Problem>> Latest(
        IReleaseStore releases, string? platform, CancellationToken cancellation)
    {
        if (platform is not null && !PlatformShape().IsMatch(platform))
            return new Problem(Failure.OfField(ErrorCodes.ValidationFailed, "platform", "must be a word such as linux-x64, windows or android"));
        var newest = (await releases.ListAsync(platform, cancellation))
            .GroupBy(release => release.Platform)
            .Select(group => group.MaxBy(release => release.Version, VersionOrder.Instance)!)
            .OrderBy(release => release.Platform, StringComparer.Ordinal)
            .ToList();
        return newest.Count == 0 && platform is not null
            ? new Problem(new Failure(ErrorCodes.NoRelease))
            : TypedResults.Ok(new Page<Release> { Items = newest });
    }

    private static async Task<Created<Release>> Publish(
        PublishReleaseRequest request, IReleaseStore releases, TimeProvider clock, CancellationToken cancellation)
    {
        var release = new Release
        {
            Platform = request.Platform,
            Version = request.Version,
            Url = request.Url,
            Sha256 = request.Sha256?.ToLowerInvariant(),
            Notes = request.Notes ?? "",
            Mandatory = request.Mandatory,
            ReleasedAt = clock.GetUtcNow(),
        };
        await releases.PublishAsync(release, cancellation);
        return TypedResults.Created((string?)null, release);
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,31}\z")]
    private static partial Regex PlatformShape();

    [GeneratedRegex(@"\Av?[0-9]{1,6}(\.[0-9]{1,6}){0,3}(-[0-9A-Za-z.-]{1,32})?\z")]
    private static partial Regex VersionShape();
}
