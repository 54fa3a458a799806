using System.Diagnostics.Metrics;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Sign-ins and registrations by what became of them.</summary>
internal static class AccountMetrics
{
    private static readonly Meter Meter = new("Hypersend.Accounts");

    private static readonly Counter<long> Logins = Meter.CreateCounter<long>("hypersend.accounts.logins", description: "Sign-in attempts by outcome");

    private static readonly Counter<long> Registrations = Meter.CreateCounter<long>("hypersend.accounts.registrations", description: "Registrations by outcome");

    private static readonly Counter<long> Reuses = Meter.CreateCounter<long>("hypersend.accounts.refresh.reuses", description: "Sessions ended because a used refresh token came back");

    public static void SignedIn(string outcome) => Logins.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Registered(string outcome) => Registrations.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void RefreshReused() => Reuses.Add(1);
}
