using System.Globalization;
using System.Text.Json;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Start.Verbs.Users;

/// <summary>Who has an account, in the order of their user names.</summary>
internal sealed class ListUsers : IVerb
{
    private const string Json = "--json";
    private const int AtOnce = 500;

    public VerbForm Form { get; } = new("user list", "lists the accounts; --json one object a line") { Switches = [Json] };

    public async Task<int> RunAsync(VerbCall call, CancellationToken cancellation)
    {
        await using var app = await VerbHost.BesideDatabaseAsync(call, cancellation);
        var store = app.Services.GetRequiredService<IAdminStore>();
        var (after, count) = ("", 0);
        while (await store.ListUsersAsync("", after, AtOnce, cancellation) is { Count: > 0 } page)
        {
            foreach (var profile in page)
                await call.Out.WriteLineAsync(call.Has(Json) ? Object(profile) : Line(profile));
            (after, count) = (page[^1].UsernameKey, count + page.Count);
        }

        if (!call.Has(Json))
            await call.Out.WriteLineAsync(count == 1 ? "1 account" : $"{count} accounts");
        return ExitCodes.Done;
    }

    private static string Line(Profile profile)
    {
        var seen = profile.LastSeen is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "never";
        var state = (profile.Role == Roles.Admin ? "admin" : "user") + (profile.Disabled ? ", disabled" : "") + (profile.TotpEnabled ? ", two-step" : "");
        return $"{profile.Username,-24} {profile.Email,-32} {state,-16} seen {seen}";
    }

    private static string Object(Profile profile) => JsonSerializer.Serialize(new
    {
        id = profile.Id.Value,
        username = profile.Username,
        name = profile.Name,
        email = profile.Email,
        role = profile.Role,
        disabled = profile.Disabled,
        totp_enabled = profile.TotpEnabled,
        quota_bytes = profile.QuotaBytes,
        last_seen = profile.LastSeen,
        created_at = profile.CreatedAt,
    });
}
