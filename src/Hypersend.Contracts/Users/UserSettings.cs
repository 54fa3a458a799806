using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Users;

public static class Audiences
{
    public const string Everyone = "everyone";
    public const string Contacts = "contacts";
    public const string Nobody = "nobody";
}

/// <summary>A person's own settings, the same on all their devices. Absent parts of a PUT stay as they are.</summary>
public sealed record UserSettings
{
    public PrivacySettings? Privacy { get; init; }

    public AppearanceSettings? Appearance { get; init; }

    /// <summary>A language tag of the web app's catalogues, or null for the browser's choice.</summary>
    [Text(2, 16)]
    public string? Language { get; init; }
}

public sealed record PrivacySettings
{
    [OneOf(Audiences.Everyone, Audiences.Contacts, Audiences.Nobody)]
    public string? LastSeen { get; init; }
}

public sealed record AppearanceSettings
{
    [OneOf("system", "light", "dark")]
    public string? Theme { get; init; }

    /// <summary>The colour from which the palette is made, as #rrggbb; empty for the server's own.</summary>
    [Text(0, 7)]
    public string? Seed { get; init; }
}
