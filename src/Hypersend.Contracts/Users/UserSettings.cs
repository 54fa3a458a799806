using System.ComponentModel.DataAnnotations;
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

    public NotificationSettings? Notifications { get; init; }

    public AppearanceSettings? Appearance { get; init; }

    /// <summary>A language tag such as de or bho; empty for the browser's choice.</summary>
    [RegularExpression("([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2})?", ErrorMessage = "must be a language tag such as de or pt-BR, or empty")]
    public string? Language { get; init; }
}

public sealed record PrivacySettings
{
    [OneOf(Audiences.Everyone, Audiences.Contacts, Audiences.Nobody)]
    public string? LastSeen { get; init; }
}

/// <summary>What a person wants to be told of; every device of theirs goes by it.</summary>
public sealed record NotificationSettings
{
    [OneOf("all", "mentions", "nothing")]
    public string? Level { get; init; }

    /// <summary>Show what a message says, not only that there is one.</summary>
    public bool? Preview { get; init; }

    public bool? Sound { get; init; }
}

public sealed record AppearanceSettings
{
    [OneOf("system", "light", "dark")]
    public string? Theme { get; init; }

    /// <summary>The colour from which the palette is made, as #rrggbb; empty for the server's own.</summary>
    [Text(0, 7)]
    public string? Seed { get; init; }
}
